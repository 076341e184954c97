import type { Schema } from "@/api/types";
import { plural } from "@/format/number";
import { phoneText } from "@/format/phone";
import { hoursOf } from "@/hours/hours";
import { standingAt } from "@/hours/open";
import type { Campaign, Preview } from "./campaign-data";

/** `missing`: nobody would be called. `note`: something to know. */
export type Grade = "ok" | "note" | "missing";

/** Where a point of the checklist is put right. */
export interface Remedy {
  to: "upload" | "leads" | "agents" | "settings" | "caller-ids" | "limits";
  label: string;
}

/** One point to look at before a campaign starts. */
export interface Point {
  key: "leads" | "agents" | "hours" | "caller_id" | "announcement" | "limits";
  grade: Grade;
  text: string;
  remedy?: Remedy;
}

export interface Facts {
  campaign: Campaign;
  preview: Preview;
  group: Schema<"AgentGroup"> | undefined;
  /** Agents of the group who are available. */
  available: number;
  callerIds: readonly Pick<Schema<"CallerId">, "phone" | "listed" | "daily_cap" | "calls_today">[];
  capped: boolean;
  now: number;
}

/** What stands between a campaign and its first call, in the order in which it is put right. */
export function readiness(facts: Facts): Point[] {
  return [
    leads(facts),
    agents(facts),
    hours(facts),
    callerId(facts),
    announcement(facts),
    limits(facts),
  ].filter((point) => point !== null);
}

/** Whether nobody would be called as things stand. */
export function isMissing(points: readonly Point[]): boolean {
  return points.some(({ grade }) => grade === "missing");
}

function leads({ preview }: Facts): Point {
  const { callable_now: now, callable_later: later, not_callable: never } = preview;
  const key = "leads";
  const upload: Remedy = { to: "upload", label: "Upload leads" };
  if (now + later + never === 0)
    return { key, grade: "missing", text: "It has no leads yet.", remedy: upload };
  if (now + later === 0)
    return {
      key,
      grade: "missing",
      text: `None of its ${plural(never, "lead")} is left to call.`,
      remedy: upload,
    };
  if (now === 0)
    return {
      key,
      grade: "note",
      text: `${plural(later, "lead")} may be called later, none now.`,
      remedy: { to: "leads", label: "See leads" },
    };
  return {
    key,
    grade: "ok",
    text: `${plural(now, "lead")} may be called now${later > 0 ? `, ${plural(later, "more", "more")} later` : ""}.`,
  };
}

function agents({ group, available }: Facts): Point | null {
  const key = "agents";
  if (!group) return null;
  if (group.agents === 0)
    return {
      key,
      grade: "missing",
      text: `Nobody belongs to ${group.name}.`,
      remedy: { to: "agents", label: "Add agents" },
    };
  if (available === 0)
    return {
      key,
      grade: "missing",
      text: `Nobody of ${group.name} is available: calls wait until somebody is.`,
      remedy: { to: "agents", label: "See agents" },
    };
  return {
    key,
    grade: "ok",
    text: `${available} of ${plural(group.agents, "agent")} of ${group.name} available.`,
  };
}

function hours({ campaign, now }: Facts): Point {
  const key = "hours";
  const remedy: Remedy = { to: "settings", label: "Change hours" };
  switch (standingAt(hoursOf(campaign.calling_window), now)) {
    case "open":
      return { key, grade: "ok", text: "Its calling hours are open now." };
    case "closed":
      return {
        key,
        grade: "note",
        text: "Its calling hours are closed now: it calls when they open.",
        remedy,
      };
    case "not_begun":
      return { key, grade: "note", text: "Its first date is still to come.", remedy };
    case "over":
      return { key, grade: "missing", text: "Its last date has passed.", remedy };
  }
}

function callerId({ campaign, callerIds }: Facts): Point {
  const key = "caller_id";
  const shown = campaign.caller_ids.map(phoneText).join(", ");
  if (callerIds.length === 0)
    return {
      key,
      grade: "note",
      text: `Leads see ${shown}. The organisation has no caller ids of its own yet.`,
      remedy: { to: "caller-ids", label: "Add caller ids" },
    };
  const inPool = callerIds.filter(({ phone }) => campaign.caller_ids.includes(phone));
  if (inPool.length === 0)
    return {
      key,
      grade: "missing",
      text: `${shown}, which leads are to see, is not among the organisation's caller ids: nobody is called.`,
      remedy: { to: "settings", label: "Choose another" },
    };
  const usable = inPool.filter(({ listed }) => listed === true);
  if (usable.length === 0)
    return {
      key,
      grade: "missing",
      text: `The carrier does not list ${shown}: nobody is called.`,
      remedy: { to: "caller-ids", label: "See caller ids" },
    };
  if (usable.every(({ daily_cap: cap, calls_today: calls }) => cap !== null && calls >= (cap ?? Infinity)))
    return {
      key,
      grade: "note",
      text: `${shown} made as many calls today as allowed: calling goes on tomorrow.`,
      remedy: { to: "caller-ids", label: "See caller ids" },
    };
  return { key, grade: "ok", text: `Leads see ${usable.map(({ phone }) => phoneText(phone)).join(", ")}.` };
}

function announcement({ campaign }: Facts): Point | null {
  if (!campaign.conduct.record || campaign.conduct.opening) return null;
  return {
    key: "announcement",
    grade: "note",
    text: "Calls are recorded, and no opening says so.",
    remedy: { to: "settings", label: "Write an opening" },
  };
}

function limits({ capped }: Facts): Point | null {
  if (!capped) return null;
  return {
    key: "limits",
    grade: "missing",
    text: "The organisation has spent what it may: nobody is called.",
    remedy: { to: "limits", label: "See limits" },
  };
}
