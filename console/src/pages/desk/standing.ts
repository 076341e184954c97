import type { Agent } from "./desk";

/** Why no calls come although nobody asked for that. */
export type Surprise = "missed" | "console_gone";

/** What the system did to the agent's presence by itself, if that is how it stands. */
export function surpriseOf({ presence, presence_reason }: Agent): Surprise | null {
  if (presence === "break" && presence_reason === "missed") return "missed";
  if (presence === "offline" && presence_reason === "console_gone") return "console_gone";
  return null;
}

/** A reason as people read it: they are free texts, but for those that the system gives. */
export function reasonText(reason: string | null | undefined): string | null {
  if (!reason) return null;
  return reason === "missed" ? "missed a call" : reason === "console_gone" ? "page closed" : reason;
}
