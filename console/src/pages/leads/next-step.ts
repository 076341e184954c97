/** Where somebody goes to do something about it. */
export type StepTo = "campaign" | "edit" | "dnc" | "calls" | "agents" | "caller_ids";

export interface NextStep {
  text: string;
  to?: { where: StepTo; label: string };
}

const campaign = (label: string) => ({ where: "campaign", label }) as const;
const operator = "Only whoever runs this installation can change that.";

/** What lifts each of the rules of dialing, and where. */
const STEPS: Record<string, NextStep> = {
  do_not_call: {
    text: "As long as the number is listed, nothing calls it, in any campaign.",
    to: { where: "dnc", label: "Do-not-call list" },
  },
  number_invalid: { text: "Correct the number.", to: { where: "edit", label: "Edit the lead" } },
  lead_closed: { text: "Nothing is left to do for this campaign." },
  attempts_exhausted: {
    text: "The campaign says how many attempts each lead gets.",
    to: campaign("See the campaign"),
  },
  already_in_call: {
    text: "Once that call is over, this is decided anew.",
    to: { where: "calls", label: "Calls to this lead" },
  },
  tenant_disabled: { text: operator },
  country_not_allowed: { text: operator },
  spend_cap_reached: {
    text: `It goes on by itself when the day or the month is over. ${operator}`,
  },
  caller_ids_capped: {
    text: "It goes on by itself the next day. Another number, or a higher cap, helps at once.",
    to: { where: "caller_ids", label: "Caller ids" },
  },
  caller_ids_unusable: {
    text: "Give the campaign a number that the carrier lists, or buy or verify the number there.",
    to: { where: "caller_ids", label: "Caller ids" },
  },
  campaign_draft: { text: "Start the campaign.", to: campaign("Go to the campaign") },
  campaign_paused: { text: "Resume the campaign.", to: campaign("Go to the campaign") },
  campaign_stopped: { text: "A campaign that was stopped calls nobody.", to: campaign("See the campaign") },
  campaign_finished: { text: "It had nobody left to call.", to: campaign("See the campaign") },
  campaign_not_started: { text: "Its first date can be changed.", to: campaign("Campaign settings") },
  campaign_ended: { text: "Its last date can be changed.", to: campaign("Campaign settings") },
  no_common_hours: {
    text: "Widen the campaign's calling hours, or correct the lead's time zone.",
    to: campaign("Campaign settings"),
  },
  outside_calling_hours: {
    text: "The campaign's calling hours can be changed.",
    to: campaign("Campaign settings"),
  },
  outside_legal_hours: { text: "No campaign may call earlier or later than that." },
  zone_unknown: {
    text: "Say in which time zone the lead is.",
    to: { where: "edit", label: "Set the time zone" },
  },
  tenant_concurrency: { text: "This passes as soon as a call is over." },
  campaign_concurrency: {
    text: "This passes as soon as a call of the campaign is over.",
    to: campaign("See the campaign"),
  },
};

/** What to do when nothing denies a call and nobody is there to take it. */
export const agentsStep: NextStep = {
  text: "Agents take calls while they are available.",
  to: { where: "agents", label: "See the agents" },
};

/** What to do about a rule that denies a call; undefined for rules of which nothing is known here. */
export function nextStep(rule: string | null | undefined): NextStep | undefined {
  return rule ? STEPS[rule] : undefined;
}
