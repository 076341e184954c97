/** Notes that the server does not have yet, kept in this browser so that neither a crash nor a lost network takes them. */

const PREFIX = "warmline.notes.";
const KEPT_MS = 24 * 3_600_000;

interface Draft {
  text: string;
  at: number;
}

export function readDraft(callId: string): string | null {
  return parsed(localStorage.getItem(PREFIX + callId))?.text ?? null;
}

export function keepDraft(callId: string, text: string | null): void {
  if (text === null) localStorage.removeItem(PREFIX + callId);
  else localStorage.setItem(PREFIX + callId, JSON.stringify({ text, at: Date.now() } satisfies Draft));
}

/** The calls with a draft. Those that nobody came back for are forgotten: they are about people. */
export function callsWithDraft(): string[] {
  const calls = Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length));
  return calls.filter((callId) => {
    const draft = parsed(localStorage.getItem(PREFIX + callId));
    const isOld = draft === null || Date.now() - draft.at > KEPT_MS;
    if (isOld) keepDraft(callId, null);
    return !isOld;
  });
}

function parsed(stored: string | null): Draft | null {
  try {
    const draft: Partial<Draft> | null = JSON.parse(stored ?? "null");
    return typeof draft?.text === "string" && typeof draft.at === "number"
      ? { text: draft.text, at: draft.at }
      : null;
  } catch {
    return null;
  }
}
