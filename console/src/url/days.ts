import { ianaOf, type Zone } from "@/format/time";
import { zoneOffsetMs } from "@/format/zone-offset";

/** The day that an instant is on, on the clock of a zone: "2026-11-23". */
export function dayOf(at: Date, zone: Zone = "local"): string {
  // Sweden writes its dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: ianaOf(zone) }).format(at);
}

/** So many days later; earlier, if negative. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The instant at which a day begins on the clock of a zone. */
export function startOfDay(day: string, zone: Zone = "local"): string {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  // What the clock shows depends on the instant, which is looked for: two steps, since a clock may be put back in between.
  let at = wanted;
  for (let step = 0; step < 2; step += 1) at = wanted - zoneOffsetMs(at, ianaOf(zone));
  return new Date(at).toISOString();
}
