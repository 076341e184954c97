import { clockTime, localZone } from "@/format/time";
import { useNow } from "@/live/use-now";

/** What time it is where the lead is: more than one where its number does not tell. */
export function LeadClock({ zones }: { zones: readonly string[] }) {
  const now = new Date(useNow());
  if (zones.length === 0) return <span className="text-muted">Time there unknown</span>;
  const times = [...new Set(zones.map((zone) => clockTime(now, zone)))].sort();
  const [first, last] = [times[0], times.at(-1)];
  const where = zones.length === 1 ? placeOf(zones[0] ?? "") : `${zones.length} possible zones`;
  return (
    <span className="tabular-nums">
      {first === last ? first : `${first} to ${last}`} there
      <span className="text-muted">
        {" "}
        · {where}
        {zones.length === 1 && zones[0] === localZone() && ", as here"}
      </span>
    </span>
  );
}

/** "America/New_York" as people say it: "New York". */
export function placeOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}
