import { absoluteTime, localZone, relativeTime, type Zone } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { useNow } from "@/live/use-now";
import { zoneCity } from "@/places/time-zones";

/** When something happens at the earliest: on the lead's clock first, and on the viewer's. */
export function When({ at, zones }: { at: string; zones: readonly string[] }) {
  const now = useNow(10_000);
  const { zone } = useZone();
  const date = new Date(at);
  const own = zone === "utc" ? "utc" : localZone();
  const clocks: { label: string; zone: Zone }[] = [
    ...zones.filter((one) => one !== own).map((one) => ({ label: `in ${zoneCity(one)}`, zone: one })),
    { label: zone === "utc" ? "in UTC" : "on your clock", zone },
  ];
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium">
        At the earliest <time dateTime={at}>{relativeTime(date, now)}</time>
      </p>
      <dl className="grid w-fit grid-cols-[auto_auto] gap-x-3 text-xs tabular-nums">
        {clocks.map(({ label, zone: one }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd>{absoluteTime(date, one)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
