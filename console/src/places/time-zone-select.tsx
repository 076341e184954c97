import { useMemo } from "react";
import { Combobox } from "@/ui/combobox";
import { zoneNames } from "./time-zones";

interface TimeZoneSelectProps {
  /** Name in the IANA database. */
  value: string | undefined;
  onChange: (zone: string) => void;
  /** Shown first, such as the organisation's own. */
  likely?: string;
  disabled?: boolean;
}

export function TimeZoneSelect({ value, onChange, likely, disabled }: TimeZoneSelectProps) {
  const options = useMemo(
    () =>
      zoneNames([value, likely]).map((zone) => ({
        value: zone,
        label: zone.replaceAll("_", " "),
      })),
    [value, likely],
  );
  return <Combobox value={value} onChange={onChange} options={options} disabled={disabled} />;
}
