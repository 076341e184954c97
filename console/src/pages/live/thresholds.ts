import { wordDuration } from "@/format/duration";
import type { AgentState, CallState } from "./board";

/** Seconds in a state from which a row is marked as long, and as too long. */
export interface Threshold {
  warnAfterS: number;
  badAfterS: number;
}

const after = (warnAfterS: number, badAfterS: number): Threshold => ({ warnAfterS, badAfterS });

export const agentThresholds: Partial<Record<AgentState, Threshold>> = {
  on_call: after(600, 1200),
  whisper: after(15, 30),
  ringing: after(15, 30),
  reserved: after(10, 20),
  wrap_up: after(60, 180),
  break: after(900, 1800),
};

export const callThresholds: Partial<Record<CallState, Threshold>> = {
  queued: after(30, 120),
  dialing: after(40, 90),
  amd: after(10, 30),
  // A person waits.
  conference: after(5, 15),
  agent_whisper: after(15, 30),
  bridged: after(600, 1200),
  voicemail: after(90, 180),
  closing: after(120, 300),
};

/** "long after 1 min, too long after 3 min". */
export function thresholdText(threshold: Threshold | undefined): string {
  if (!threshold) return "never marked";
  const { warnAfterS, badAfterS } = threshold;
  return `long after ${wordDuration(warnAfterS)}, too long after ${wordDuration(badAfterS)}`;
}
