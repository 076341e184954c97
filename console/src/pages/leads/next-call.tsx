import { clockTime } from "@/format/time";
import { useNow } from "@/live/use-now";
import { timeIn, zoneCity } from "@/places/time-zones";
import { Time } from "@/ui/time";

interface NextCallProps {
  /** RFC 3339; none when nobody will call any more. */
  at: string | null | undefined;
  zones: readonly string[];
}

/** When a lead may be called next, on its own clock, too. */
export function NextCall({ at, zones }: NextCallProps) {
  const now = useNow(10_000);
  if (!at) return <span className="text-faint">–</span>;
  if (Date.parse(at) <= now) return <span>Due now</span>;
  const [zone] = zones;
  return (
    <span className="flex flex-col">
      <Time at={at} leadZone={zone} />
      {zone && timeIn(zone, now) && (
        <span className="text-xs whitespace-nowrap text-muted tabular-nums">
          {clockTime(new Date(at), zone)} in {zoneCity(zone)}
        </span>
      )}
    </span>
  );
}
