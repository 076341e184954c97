import type { Schema } from "@/api/types";
import type { RangeSearch } from "@/url/range";
import { CampaignsCard } from "./campaigns";
import type { Scope } from "./figures";
import { HoursCard } from "./hours";
import { Results } from "./results";

interface BreakdownProps {
  scope: Scope;
  search: RangeSearch & { campaign_id?: string };
  campaigns: readonly Schema<"Campaign">[];
}

/** What the numbers are made of. Loaded after them. */
export default function Breakdown({ scope, search, campaigns }: BreakdownProps) {
  return (
    <>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Results scope={scope} search={search} />
        <HoursCard scope={scope} />
      </div>
      <CampaignsCard campaigns={campaigns} scope={scope} />
    </>
  );
}
