import { CampaignSelect } from "@/ui/campaign-select";
import { RangeSelect } from "@/ui/range-select";
import { Toolbar } from "@/ui/toolbar";
import type { Preset, RangeSearch } from "@/url/range";

interface FiltersProps {
  search: RangeSearch & { campaign_id?: string };
  otherwise: Preset;
  onChange: (part: RangeSearch & { campaign_id?: string }) => void;
}

/** Which calls the dashboard is about. Loaded after the numbers. */
export default function Filters({ search, otherwise, onChange }: FiltersProps) {
  return (
    <Toolbar>
      <RangeSelect search={search} otherwise={otherwise} onChange={onChange} />
      <CampaignSelect value={search.campaign_id} onChange={(campaign_id) => onChange({ campaign_id })} />
    </Toolbar>
  );
}
