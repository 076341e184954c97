import { type RangeSearch, rangeSearch } from "@/url/range";
import { flagOf, oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const SORTS = ["opened_at", "-opened_at"] as const;
const VIEWS = ["compact", "full"] as const;

export interface CallsSearch extends RangeSearch {
  campaign_id?: string;
  lead_id?: string;
  agent_id?: string;
  disposition?: WordOf<"disposition">;
  state?: WordOf<"callState">;
  open?: boolean;
  sort?: (typeof SORTS)[number];
}

export const calls = (raw: RawSearch): CallsSearch => ({
  ...rangeSearch(raw),
  campaign_id: textOf(raw.campaign_id),
  lead_id: textOf(raw.lead_id),
  agent_id: textOf(raw.agent_id),
  disposition: oneOf(raw.disposition, wordsOf("disposition")),
  state: oneOf(raw.state, wordsOf("callState")),
  open: flagOf(raw.open),
  sort: oneOf(raw.sort, SORTS),
});

export const call = (raw: RawSearch): { view?: (typeof VIEWS)[number] } => ({ view: oneOf(raw.view, VIEWS) });
