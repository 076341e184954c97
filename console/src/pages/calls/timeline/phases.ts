import type { Schema } from "@/api/types";
import type { TimelineEntry } from "./stored";

type CallState = Schema<"CallStateWord">;

export type PhaseKind =
  | "dial"
  | "detection"
  | "conference"
  | "offer"
  | "conversation"
  | "message"
  | "wrap_up"
  | "ending"
  | "after";

/** A stretch of a call's life, with what happened in it. What ended it is its last entry. */
export interface Phase {
  kind: PhaseKind;
  /** The how-many-eth of its kind, and of how many: a call may be offered to several agents. */
  nth: number;
  of: number;
  begins: string;
  /** Null while it lasts. */
  ends: string | null;
  entries: TimelineEntry[];
}

/** The phases of a call in order. */
export function phasesOf(timeline: readonly TimelineEntry[]): Phase[] {
  const phases: Phase[] = [];
  let hasTalked = false;
  for (const entry of timeline) {
    const kind = kindOf(entry.from_state, hasTalked);
    let last = phases.at(-1);
    if (last === undefined || last.kind !== kind || last.ends !== null) {
      last = { kind, nth: 1, of: 1, begins: last?.ends ?? entry.at, ends: null, entries: [] };
      phases.push(last);
    }
    last.entries.push(entry);
    hasTalked ||= entry.to_state === "bridged";
    if (kindOf(entry.to_state, hasTalked) !== kind) last.ends = entry.at;
  }
  const end = timeline.at(-1);
  // The call has just gone on to something in which nothing happened yet.
  if (end && end.to_state !== "dispositioned" && phases.at(-1)?.ends) {
    phases.push({
      kind: kindOf(end.to_state, hasTalked),
      nth: 1,
      of: 1,
      begins: end.at,
      ends: null,
      entries: [],
    });
  }
  return numbered(phases);
}

function kindOf(state: CallState, hasTalked: boolean): PhaseKind {
  switch (state) {
    case "queued":
    case "dialing":
      return "dial";
    case "amd":
      return "detection";
    case "conference":
      return "conference";
    case "agent_whisper":
      return "offer";
    case "bridged":
      return "conversation";
    case "voicemail":
      return "message";
    case "closing":
      return hasTalked ? "wrap_up" : "ending";
    case "dispositioned":
      return "after";
  }
}

function numbered(phases: readonly Phase[]): Phase[] {
  const of = new Map<PhaseKind, number>();
  for (const { kind } of phases) of.set(kind, (of.get(kind) ?? 0) + 1);
  const so = new Map<PhaseKind, number>();
  return phases.map((phase) => {
    const nth = (so.get(phase.kind) ?? 0) + 1;
    so.set(phase.kind, nth);
    return { ...phase, nth, of: of.get(phase.kind) ?? 1 };
  });
}
