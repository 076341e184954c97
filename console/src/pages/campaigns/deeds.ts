import type { Schema } from "@/api/types";
import type { Campaign } from "./campaign-data";
import { type Change, changesBetween } from "./settings/changes";
import { formOf } from "./settings/form";

type Line = Schema<"AuditLine">;

/** The operations of the audit log that a campaign's history is made of. */
export const ACTIONS = [
  "update_campaign",
  "start_campaign",
  "pause_campaign",
  "resume_campaign",
  "stop_campaign",
] as const;

const VERBS: Record<string, string> = {
  update_campaign: "changed settings",
  start_campaign: "started it",
  pause_campaign: "paused it",
  resume_campaign: "resumed it",
  stop_campaign: "stopped it",
};

/** Something that somebody did to a campaign. */
export interface Deed {
  key: string;
  at: string;
  actor: string;
  verb: string;
  changes: Change[];
}

/** The lines about one campaign, the latest first, with what they changed in words. */
export function deedsOf(
  lines: readonly Line[],
  campaign: Campaign,
  groupName: (id: string) => string | undefined,
): Deed[] {
  const about = `/api/campaigns/${campaign.id}`;
  return lines
    .filter(({ subject }) => subject === about || subject.startsWith(`${about}/`))
    .map((line) => ({
      key: `${line.at} ${line.action}`,
      at: line.at,
      actor: line.actor,
      verb: VERBS[line.action] ?? line.action,
      changes: changesOf(line.detail, campaign, groupName),
    }))
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

function changesOf(
  detail: unknown,
  campaign: Campaign,
  groupName: (id: string) => string | undefined,
): Change[] {
  const { before, after } = detail as { before?: Partial<Campaign>; after?: Partial<Campaign> };
  // What a line does not name was the same before and after, so that it may be as it is today.
  return changesBetween(formOf({ ...campaign, ...before }), formOf({ ...campaign, ...after }), groupName);
}
