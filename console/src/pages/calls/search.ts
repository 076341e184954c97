import { type Preset, type Range, type RangeSearch, rangeSearch } from "@/url/range";
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

/** What the API filters by, whether it lists calls or exports them. */
export type Filter = Omit<CallsSearch, "range" | "sort">;

export function filterOf(search: CallsSearch, range: Range): Filter {
  const { range: _range, sort: _sort, from: _from, to: _to, ...rest } = search;
  return { ...rest, ...range };
}

/** Of one lead, its whole history; else what is recent. */
export function presetOf(search: CallsSearch): Preset {
  return search.lead_id ? "all" : "7d";
}

export const call = (raw: RawSearch): { view?: (typeof VIEWS)[number] } => ({ view: oneOf(raw.view, VIEWS) });
