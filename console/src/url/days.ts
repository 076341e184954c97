import { ianaOf, type Zone } from "@/format/time";

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
  for (let step = 0; step < 2; step += 1) at = wanted - offsetMs(at, zone);
  return new Date(at).toISOString();
}

/** How far the clock of a zone is ahead of UTC at an instant. */
function offsetMs(at: number, zone: Zone): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
    timeZone: ianaOf(zone),
  }).formatToParts(at);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return shown - Math.floor(at / 1000) * 1000;
}
