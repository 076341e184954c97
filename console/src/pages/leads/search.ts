import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const SORTS = ["created_at", "-created_at"] as const;
const TABS = ["overview", "calls", "explain"] as const;

export interface LeadsSearch {
  campaign_id?: string;
  status?: WordOf<"lead">;
  phone?: string;
  search?: string;
  sort?: (typeof SORTS)[number];
}

export const leads = (raw: RawSearch): LeadsSearch => ({
  campaign_id: textOf(raw.campaign_id),
  status: oneOf(raw.status, wordsOf("lead")),
  phone: textOf(raw.phone),
  search: textOf(raw.search),
  sort: oneOf(raw.sort, SORTS),
});

export type LeadTab = (typeof TABS)[number];

export const lead = (raw: RawSearch): { tab?: LeadTab } => ({ tab: oneOf(raw.tab, TABS) });
