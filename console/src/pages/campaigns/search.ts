import { oneOf, type RawSearch } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const SORTS = ["created_at", "-created_at", "name", "-name"] as const;
export const TABS = ["overview", "leads", "calls", "settings", "history"] as const;

export type CampaignSort = (typeof SORTS)[number];

export interface CampaignsSearch {
  status?: WordOf<"campaign">;
  sort?: CampaignSort;
}

export const sortOf = (raw: unknown): CampaignSort | undefined => oneOf(raw, SORTS);

export const campaigns = (raw: RawSearch): CampaignsSearch => ({
  status: oneOf(raw.status, wordsOf("campaign")),
  sort: sortOf(raw.sort),
});

export type CampaignTab = (typeof TABS)[number];

export const campaign = (raw: RawSearch): { tab?: CampaignTab } => ({ tab: oneOf(raw.tab, TABS) });
