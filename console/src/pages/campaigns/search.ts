import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const SORTS = ["created_at", "-created_at", "name", "-name"] as const;
const TABS = ["overview", "leads", "calls", "settings", "history"] as const;

export interface CampaignsSearch {
  status?: WordOf<"campaign">;
  sort?: (typeof SORTS)[number];
  search?: string;
}

export const campaigns = (raw: RawSearch): CampaignsSearch => ({
  status: oneOf(raw.status, wordsOf("campaign")),
  sort: oneOf(raw.sort, SORTS),
  search: textOf(raw.search),
});

export type CampaignTab = (typeof TABS)[number];

export const campaign = (raw: RawSearch): { tab?: CampaignTab } => ({ tab: oneOf(raw.tab, TABS) });
