import { api, data } from "@/api/client";
import { asProblem } from "@/api/problem";
import { Autosave } from "./autosave";
import { callsWithDraft, keepDraft, readDraft } from "./drafts";

const open = new Map<string, Autosave>();

/** The notes on a call. The same for as long as the page lives, so that nothing is lost between two looks at a call. */
export function notesOf(callId: string, saved: string): Autosave {
  const known = open.get(callId);
  if (known) return known;
  const made = new Autosave(
    {
      now: () => performance.now(),
      later: (work, ms) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      save: (notes, leaving) => send(callId, notes, leaving),
      keep: (draft) => keepDraft(callId, draft),
      isFinal: (error) => {
        const { status } = asProblem(error);
        return status >= 400 && status < 500 && status !== 401 && status !== 429;
      },
    },
    saved,
    readDraft(callId),
  );
  open.set(callId, made);
  return made;
}

/** Sends what earlier pages could not send any more, on calls that have left the desk since. */
export function sendLeftDrafts(onDesk: readonly string[]): void {
  for (const callId of callsWithDraft()) {
    if (open.has(callId) || onDesk.includes(callId)) continue;
    send(callId, readDraft(callId) ?? "", false).then(
      () => keepDraft(callId, null),
      // Somebody else's, or of a call that is gone: a day later it is forgotten.
      () => undefined,
    );
  }
}

/** Sends everything that waits; `leaving` when the page is about to go. */
export function flushNotes(leaving: boolean): void {
  for (const notes of open.values()) void notes.flush(leaving);
}

/** Whether something has not reached the server. */
export function hasUnsavedNotes(): boolean {
  return [...open.values()].some(({ view }) => view.state !== "saved");
}

async function send(callId: string, notes: string, leaving: boolean): Promise<void> {
  await data(
    api.PUT("/api/calls/{call_id}/notes", {
      params: { path: { call_id: callId } },
      body: { notes },
      keepalive: leaving,
    }),
  );
}
