import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const SORTS = ["created_at", "-created_at"] as const;

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
  sort: sortOf(raw.sort),
});

export const sortOf = (raw: unknown) => oneOf(raw, SORTS);

/** One page shows all of a lead: nothing of it stands in the address. */
export const lead = (_: RawSearch): Record<never, never> => ({});
