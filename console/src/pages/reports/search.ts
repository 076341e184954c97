import { type RangeSearch, rangeSearch } from "@/url/range";
import { flagOf, oneOf, type RawSearch, textOf } from "@/url/read";
import { type MetricId, metricIds } from "./metric-ids";

const GROUPINGS = ["campaign", "agent", "disposition", "hour"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** A metric's name, with a minus in front to turn the order round; `label` for the first column. */
export type Sort = `${"" | "-"}${MetricId | "label"}`;

const SORTS = ["label" as const, ...metricIds].flatMap((id): Sort[] => [id, `-${id}`]);

export interface ReportsSearch extends RangeSearch {
  by?: Grouping;
  campaign_id?: string;
  compare?: boolean;
  time_zone?: string;
  /** What the chart shows. */
  metric?: MetricId;
  sort?: Sort;
}

export const reports = (raw: RawSearch): ReportsSearch => ({
  ...rangeSearch(raw),
  by: oneOf(raw.by, GROUPINGS),
  campaign_id: textOf(raw.campaign_id),
  compare: flagOf(raw.compare),
  time_zone: textOf(raw.time_zone),
  metric: oneOf(raw.metric, metricIds),
  sort: oneOf(raw.sort, SORTS),
});
