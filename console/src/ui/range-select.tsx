import { CalendarDays } from "lucide-react";
import { PRESETS, type Preset, presetLabels, type RangeSearch } from "@/url/range";
import { Select } from "./select";

interface RangeSelectProps {
  search: RangeSearch;
  onChange: (search: RangeSearch) => void;
  otherwise?: Preset;
}

/** The time that a page is about. Goes into the address. */
export function RangeSelect({ search, onChange, otherwise = "today" }: RangeSelectProps) {
  const isCustom = Boolean(search.from || search.to);
  const presets = PRESETS.map((value) => ({ value: value as string, label: presetLabels[value] }));
  return (
    <Select
      aria-label="Time range"
      icon={<CalendarDays aria-hidden />}
      value={isCustom ? "custom" : (search.range ?? otherwise)}
      options={isCustom ? [...presets, { value: "custom", label: "Custom" }] : presets}
      onChange={(value) => {
        const range = PRESETS.find((preset) => preset === value);
        if (range) onChange({ range, from: undefined, to: undefined });
      }}
      className="w-40"
    />
  );
}
