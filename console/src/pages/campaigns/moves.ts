import type { Campaign } from "./campaign-data";

/** What can be done with a campaign as a whole. */
export type Move = "start" | "pause" | "resume" | "stop" | "clone" | "delete";

const MOVES: Record<Campaign["status"], readonly Move[]> = {
  draft: ["start", "clone", "delete"],
  active: ["pause", "stop", "clone"],
  paused: ["resume", "stop", "clone", "delete"],
  // It goes on once it has new leads.
  finished: ["start", "stop", "clone", "delete"],
  stopped: ["clone", "delete"],
};

export function movesOf(status: Campaign["status"]): readonly Move[] {
  // A newer server may know more words.
  return MOVES[status] ?? ["clone"];
}
