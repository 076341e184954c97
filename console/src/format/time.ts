/** Which clock times are shown by. */
export type Zone = "local" | "utc" | (string & {});

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** "5 min. ago", "in 2 hr."; a date beyond a month, where counting helps nobody. */
export function relativeTime(at: Date, now: number): string {
  const seconds = Math.round((at.getTime() - now) / 1000);
  if (Math.abs(seconds) < 5) return "now";
  if (Math.abs(seconds) > 30 * 86_400) return dateOnly(at, "local");
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** "23 Nov 2026, 15:04:05 GMT+1" on the clock of a zone. */
export function absoluteTime(at: Date, zone: Zone): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone: ianaOf(zone),
  }).format(at);
}

/** "15:04" on the clock of a zone. */
export function clockTime(at: Date, zone: Zone): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: ianaOf(zone),
  }).format(at);
}

/** "23 Nov 2026". */
export function dateOnly(at: Date, zone: Zone): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: ianaOf(zone),
  }).format(at);
}

/** The name that `Intl` has for a zone; undefined for the viewer's own. */
export function ianaOf(zone: Zone): string | undefined {
  if (zone === "local") return undefined;
  return zone === "utc" ? "UTC" : zone;
}

/** The viewer's own zone. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
