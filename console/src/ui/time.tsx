import { absoluteTime, localZone, relativeTime } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { useNow } from "@/live/use-now";
import { Tooltip } from "./tooltip";

interface TimeProps {
  /** RFC 3339; a dash where there is none. */
  at: string | null | undefined;
  /** The zone of the lead, shown on hover beside the viewer's. */
  leadZone?: string;
  /** Absolute in sight and relative on hover, for logs. */
  absolute?: boolean;
}

/** When something happened: relative in sight, absolute with its zone on hover. */
export function Time({ at, leadZone, absolute = false }: TimeProps) {
  const now = useNow(10_000);
  const { zone } = useZone();
  if (!at) return <span className="text-faint">–</span>;
  const date = new Date(at);
  const [near, far] = [relativeTime(date, now), absoluteTime(date, zone)];
  return (
    <Tooltip
      text={
        <span className="flex flex-col tabular-nums">
          <span>{absolute ? near : far}</span>
          {zone !== "utc" && <span>{absoluteTime(date, "utc")}</span>}
          {leadZone && leadZone !== localZone() && <span>Lead: {absoluteTime(date, leadZone)}</span>}
        </span>
      }
    >
      <time dateTime={at} className="whitespace-nowrap tabular-nums">
        {absolute ? far : near}
      </time>
    </Tooltip>
  );
}
