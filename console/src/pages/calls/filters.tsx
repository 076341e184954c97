import { X } from "lucide-react";
import type { ReactNode } from "react";
import { AgentSelect } from "@/ui/agent-select";
import { Button } from "@/ui/button";
import { CampaignSelect } from "@/ui/campaign-select";
import { RangeSelect } from "@/ui/range-select";
import { Select } from "@/ui/select";
import { Toolbar } from "@/ui/toolbar";
import type { Preset } from "@/url/range";
import { optionsOf } from "@/words/words";
import type { CallsSearch } from "./search";

const ANY = "any";
const OPEN = [
  { value: ANY, label: "Open or over" },
  { value: "true", label: "Open now" },
  { value: "false", label: "Over" },
];

interface FiltersProps {
  search: CallsSearch;
  otherwise: Preset;
  onChange: (change: Partial<CallsSearch>) => void;
  onClear: () => void;
  end: ReactNode;
}

/** Everything that the list of calls can be filtered by. */
export function Filters({ search, otherwise, onChange, onClear, end }: FiltersProps) {
  const isFiltered = Object.entries(search).some(([name, value]) => name !== "sort" && value !== undefined);
  return (
    <Toolbar end={end}>
      <RangeSelect search={search} otherwise={otherwise} onChange={onChange} />
      <CampaignSelect value={search.campaign_id} onChange={(campaign_id) => onChange({ campaign_id })} />
      <AgentSelect value={search.agent_id} onChange={(agent_id) => onChange({ agent_id })} />
      <WordSelect
        label="Result"
        any="Any result"
        value={search.disposition}
        options={optionsOf("disposition")}
        onChange={(disposition) => onChange({ disposition })}
      />
      <WordSelect
        label="State"
        any="Any state"
        value={search.state}
        options={optionsOf("callState")}
        onChange={(state) => onChange({ state })}
      />
      <Select
        aria-label="Open or over"
        value={search.open === undefined ? ANY : String(search.open)}
        options={OPEN}
        onChange={(open) => onChange({ open: open === ANY ? undefined : open === "true" })}
        className="w-36"
      />
      {search.lead_id && (
        <Button size="small" icon={<X />} onClick={() => onChange({ lead_id: undefined })}>
          Of one lead
        </Button>
      )}
      {isFiltered && (
        <Button size="small" look="quiet" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </Toolbar>
  );
}

interface WordSelectProps<Word extends string> {
  label: string;
  any: string;
  value: Word | undefined;
  options: readonly { value: Word; label: string }[];
  onChange: (word: Word | undefined) => void;
}

function WordSelect<Word extends string>({ label, any, value, options, onChange }: WordSelectProps<Word>) {
  return (
    <Select<Word | typeof ANY>
      aria-label={label}
      value={value ?? ANY}
      options={[{ value: ANY, label: any }, ...options]}
      onChange={(word) => onChange(word === ANY ? undefined : word)}
      className="w-36"
    />
  );
}
