import type { Figures } from "./figures";

/** What exactly each figure counts. */
export const definitions: Record<keyof Figures, string> = {
  calls: "Calls that were opened in this time, whatever came of them.",
  open: "Of the calls, those that are not over yet.",
  attempts: "Calls that are over and count against a lead’s attempts: all but those withheld by a rule.",
  answered: "Calls that a person or a machine picked up.",
  human: "Calls that are over and were with a person: answered, abandoned, hung up, or do not call.",
  machine: "Calls that are over and were taken by an answering machine or a fax.",
  bridged: "Calls in which lead and agent were connected.",
  abandoned: "Calls that a person answered, and no agent came in time.",
  abandon_rate:
    "Abandoned calls as a share of the calls with a person. Regulators allow 3 %, per campaign over 30 days; amber from 2 %.",
  talk_s: "Time that leads and agents were connected, all together.",
  talk_avg_s: "Time talked in a call in which lead and agent were connected, on average.",
  wait_avg_s: "Time from the answer until lead and agent were connected, on average.",
  cost_usd: "What the carrier charged, or is expected to charge, in US dollars.",
};
