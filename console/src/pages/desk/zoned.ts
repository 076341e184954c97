import { zoneOffsetMs } from "@/format/zone-offset";

/** An instant and the clock on a wall somewhere. */

/**
 * The instant at which a wall clock in a zone shows a date ("2026-11-23") and a time ("15:04"). Of an hour that is
 * there twice, the first; of one that is left out, as much after the change as it is after the hour's beginning.
 */
export function instantIn(zone: string, date: string, time: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return null;
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wall)) return null;
  const before = zoneOffsetMs(wall - 24 * 3_600_000, zone);
  const after = zoneOffsetMs(wall + 24 * 3_600_000, zone);
  const shows = (instant: number) => instant + zoneOffsetMs(instant, zone) === wall;
  const candidates = [wall - before, wall - after].sort((a, b) => a - b);
  const exact = candidates.find(shows);
  return new Date(exact ?? wall - before);
}

/** The date and the time that a wall clock in a zone shows: what date and time inputs take. */
export function wallClock(instant: Date, zone: string): { date: string; time: string } {
  const wall = new Date(instant.getTime() + zoneOffsetMs(instant.getTime(), zone)).toISOString();
  return { date: wall.slice(0, 10), time: wall.slice(11, 16) };
}

/** "Tue 1 Dec, 11:00 GMT-5" in a zone. */
export function dayAndTime(instant: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(instant);
}

/** The date so many days later. */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 24 * 3_600_000).toISOString().slice(0, 10);
}

/** Whether it may be rung at that time there: 08:00 to 21:00, wherever the number may be. */
export function isLawful(instant: Date, zones: readonly string[]): boolean {
  return zones.every((zone) => {
    const { time } = wallClock(instant, zone);
    return time >= "08:00" && time < "21:00";
  });
}
