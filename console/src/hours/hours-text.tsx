import type { Schema } from "@/api/types";
import { zoneCity } from "@/places/time-zones";
import { datesText, hoursOf, hoursText } from "./hours";

/** Hours to read: "Mon–Fri, 09:00–17:00, New York". */
export function HoursText({ terms }: { terms: Schema<"CallingWindowTerms"> }) {
  const hours = hoursOf(terms);
  const dates = datesText(hours);
  return (
    <span className="tabular-nums">
      {hoursText(hours)}, <span title={hours.time_zone}>{zoneCity(hours.time_zone)}</span>
      {dates && <span className="text-muted">, {dates}</span>}
    </span>
  );
}
