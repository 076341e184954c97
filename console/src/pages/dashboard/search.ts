import { type RangeSearch, rangeSearch } from "@/url/range";
import { type RawSearch, textOf } from "@/url/read";

export const dashboard = (raw: RawSearch): RangeSearch & { campaign_id?: string } => ({
  ...rangeSearch(raw),
  campaign_id: textOf(raw.campaign_id),
});
