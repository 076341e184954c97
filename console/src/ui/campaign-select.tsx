import { useQuery } from "@tanstack/react-query";
import { campaignNamesQuery } from "@/api/campaign-names";
import { Combobox } from "./combobox";

const ANY = "any";

interface CampaignSelectProps {
  /** A campaign's id; undefined for all. Belongs into the address. */
  value: string | undefined;
  onChange: (campaignId: string | undefined) => void;
}

/** The campaign that a page is about, or all. */
export function CampaignSelect({ value, onChange }: CampaignSelectProps) {
  const { data: campaigns = [] } = useQuery(campaignNamesQuery);
  const known = campaigns.map(({ id, name }) => ({ value: id as string, label: name }));
  const isUnknown = value !== undefined && !known.some((option) => option.value === value);
  return (
    <Combobox
      aria-label="Campaign"
      value={value ?? ANY}
      options={[
        { value: ANY, label: "All campaigns" },
        ...known,
        ...(isUnknown ? [{ value, label: "One campaign" }] : []),
      ]}
      onChange={(chosen) => onChange(chosen === ANY ? undefined : chosen)}
      className="w-44"
    />
  );
}
