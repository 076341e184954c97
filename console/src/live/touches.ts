import { type KeyRoot, keys } from "@/api/keys";
import type { EventKind } from "./message";

const CALL = [keys.calls, keys.stats, keys.board, keys.desk, keys.agents] as const;
const CAMPAIGN = [keys.campaigns, keys.board, keys.stats] as const;
const LEADS = [keys.leads, keys.campaigns] as const;

/** What is out of date after an event: every query whose key begins with one of these words. */
export const touches: Record<EventKind, readonly KeyRoot[]> = {
  "call.opened": CALL,
  "call.state_changed": CALL,
  // A call that is over changed its lead, and what is left of its campaign.
  "call.dispositioned": [...CALL, ...LEADS],
  "campaign.started": CAMPAIGN,
  "campaign.paused": CAMPAIGN,
  "campaign.stopped": CAMPAIGN,
  "campaign.finished": CAMPAIGN,
  "campaign.updated": CAMPAIGN,
  "leads.created": LEADS,
  "leads.updated": LEADS,
  "leads.deleted": LEADS,
  "dnc.listed": [keys.dnc, ...LEADS],
  "dnc.removed": [keys.dnc],
  "agent.presence_changed": [keys.agents, keys.board, keys.desk],
  "agent.stage_changed": [keys.agents, keys.board, keys.desk],
  "import.progressed": [keys.imports],
  "import.finished": [keys.imports, ...LEADS],
  "endpoint.disabled": [keys.settings],
  "endpoint.pinged": [keys.settings],
};
