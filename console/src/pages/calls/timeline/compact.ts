import type { TimelineEntry } from "./stored";

/** What tells nothing as long as all goes well: repetitions, checks, the comings and goings of the conference. */
const ROUTINE = new Set([
  "leg_placed",
  "leg_initiated",
  "leg_check_inconclusive",
  "agent_unavailable",
  "conference_joined",
  "conference_left",
  "conference_ended",
  "timer_expired",
]);

/** One line of the timeline: an entry, or several that are left out. */
export type Line =
  | { kind: "entry"; entry: TimelineEntry; gapMs: number }
  | { kind: "hidden"; entries: TimelineEntry[] };

/** Whether an entry can be left out without leaving out what became of the call. */
export function isRoutine(entry: TimelineEntry): boolean {
  if (entry.ignored != null) return true;
  return entry.from_state === entry.to_state && ROUTINE.has(entry.event);
}

/** The lines of a phase: everything, or what matters with a count of the rest. Gaps are to the line before. */
export function linesOf(entries: readonly TimelineEntry[], begins: string, everything: boolean): Line[] {
  const lines: Line[] = [];
  let before = Date.parse(begins);
  for (const entry of entries) {
    const last = lines.at(-1);
    if (everything || !isRoutine(entry)) {
      const at = Date.parse(entry.at);
      lines.push({ kind: "entry", entry, gapMs: at - before });
      before = at;
    } else if (last?.kind === "hidden") {
      last.entries.push(entry);
    } else {
      lines.push({ kind: "hidden", entries: [entry] });
    }
  }
  return lines;
}

/** What is left out, counted: "12 × no agent free, 2 × late". */
export function hiddenText(entries: readonly TimelineEntry[]): string {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const word = shortWord(entry);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, times]) => (times === 1 ? word : `${times} × ${word}`)).join(", ");
}

function shortWord(entry: TimelineEntry): string {
  if (entry.ignored != null) return entry.ignored.replaceAll("_", " ");
  switch (entry.event) {
    case "agent_unavailable":
      return "no agent free";
    case "timer_expired":
      return "timer";
    case "leg_check_inconclusive":
      return "check";
    case "leg_placed":
    case "leg_initiated":
      return "dialed";
    default:
      return entry.event.replaceAll("_", " ");
  }
}

/** "0.9 s", "13 s", "2 min 5 s": how long after the line before. */
export function gapText(gapMs: number): string {
  if (gapMs < 1000) return `${Math.max(0, gapMs)} ms`;
  if (gapMs < 10_000) return `${(gapMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(gapMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0
    ? `${Math.floor(seconds / 60)} min`
    : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
