import type { Schema } from "@/api/types";

type Lead = Schema<"Lead">;
export type Priority = Schema<"PriorityWord">;

/** What a form says of a lead, as texts. */
export interface LeadTexts {
  phone: string;
  country: string;
  first_name: string;
  last_name: string;
  email: string;
  type: string;
  priority: Priority;
  time_zone: string;
  notes: string;
}

export const blank: LeadTexts = {
  phone: "",
  country: "",
  first_name: "",
  last_name: "",
  email: "",
  type: "",
  priority: "normal",
  time_zone: "",
  notes: "",
};

/** A lead as a form begins with it. Its zone is left open where its number may be in several. */
export function textsOf(lead: Lead): LeadTexts {
  return {
    phone: lead.phone ?? "",
    country: lead.country ?? "",
    first_name: lead.first_name ?? "",
    last_name: lead.last_name ?? "",
    email: lead.email ?? "",
    type: lead.type ?? "",
    priority: lead.priority,
    time_zone: lead.time_zones.length === 1 ? (lead.time_zones[0] ?? "") : "",
    notes: lead.notes ?? "",
  };
}

/** The texts that are not blank, for a lead to be added. */
export function stated(texts: LeadTexts): Partial<LeadTexts> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ""));
}
