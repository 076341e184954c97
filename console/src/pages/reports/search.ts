import { type RangeSearch, rangeSearch } from "@/url/range";
import { flagOf, oneOf, type RawSearch, textOf } from "@/url/read";

const GROUPINGS = ["campaign", "agent", "disposition", "hour"] as const;

export interface ReportsSearch extends RangeSearch {
  by?: (typeof GROUPINGS)[number];
  campaign_id?: string;
  compare?: boolean;
  time_zone?: string;
}

export const reports = (raw: RawSearch): ReportsSearch => ({
  ...rangeSearch(raw),
  by: oneOf(raw.by, GROUPINGS),
  campaign_id: textOf(raw.campaign_id),
  compare: flagOf(raw.compare),
  time_zone: textOf(raw.time_zone),
});
