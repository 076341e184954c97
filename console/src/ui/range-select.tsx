import { CalendarDays } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { dateOnly, type Zone } from "@/format/time";
import { PRESETS, type Preset, presetLabels, type Range, type RangeSearch } from "@/url/range";
import { Select } from "./select";

const RangeDialog = lazy(() => import("./range-dialog"));

/** What opens the dialog, and what stands for the days that were chosen there. */
const CHOOSE = "choose";
const CHOSEN = "chosen";

interface RangeSelectProps {
  search: RangeSearch;
  onChange: (search: RangeSearch) => void;
  otherwise?: Preset;
  /** Where the days begin and end; the viewer's own zone, when left out. */
  zone?: Zone;
}

/** The time that a page is about. Goes into the address. */
export function RangeSelect({ search, onChange, otherwise = "today", zone = "local" }: RangeSelectProps) {
  const [isChoosing, setChoosing] = useState(false);
  const isChosen = Boolean(search.from || search.to);
  return (
    <>
      <Select<string>
        aria-label="Time range"
        icon={<CalendarDays aria-hidden />}
        value={isChosen ? CHOSEN : (search.range ?? otherwise)}
        options={[
          ...PRESETS.map((value) => ({ value, label: presetLabels[value] })),
          ...(isChosen ? [{ value: CHOSEN, label: daysText(search, zone) }] : []),
          { value: CHOOSE, label: "Choose dates…" },
        ]}
        onChange={(value) => {
          const range = PRESETS.find((preset) => preset === value);
          if (range) onChange({ range, from: undefined, to: undefined });
          else if (value === CHOOSE) setChoosing(true);
        }}
        className={isChosen ? "w-60" : "w-40"}
      />
      {isChoosing && (
        <Suspense>
          <RangeDialog
            range={search}
            zone={zone}
            onChange={(range) => onChange({ ...range, range: undefined })}
            onClose={() => setChoosing(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** "12 Nov 2026 – 15 Nov 2026", both included. */
function daysText({ from, to }: Range, zone: Zone): string {
  const first = from && dateOnly(new Date(from), zone);
  const last = to && dateOnly(new Date(Date.parse(to) - 1), zone);
  if (first === last) return first ?? "";
  return [first ?? "Beginning", last ?? "now"].join(" – ");
}
