import { localZone } from "@/format/time";
import { daysAfter, instantIn, wallClock } from "./zoned";

/** A time to call back at, as it is being typed: on the wall clock of a zone. */
export interface CallbackDraft {
  zone: string;
  date: string;
  time: string;
}

const FARTHEST_MS = 365 * 24 * 3_600_000;
const QUARTER_MS = 15 * 60_000;

/** The same time tomorrow, to the quarter of an hour. */
export function callbackAt(zones: readonly string[], now: number): CallbackDraft {
  const zone = zones[0] ?? localZone();
  const { date, time } = wallClock(new Date(Math.ceil(now / QUARTER_MS) * QUARTER_MS), zone);
  return { zone, date: daysAfter(date, 1), time };
}

export function instantOf({ zone, date, time }: CallbackDraft): Date | null {
  return instantIn(zone, date, time);
}

/** What is wrong with it, as the server will see it. */
export function problemOf(draft: CallbackDraft, now: number): string | undefined {
  const instant = instantOf(draft);
  if (!instant) return "Give a date and a time.";
  if (instant.getTime() <= now) return "This is over already.";
  if (instant.getTime() > now + FARTHEST_MS) return "This is more than a year away.";
  return undefined;
}

/** Times that people often agree on, on the clock of the zone. */
export function callbackSuggestions(
  zone: string,
  now: number,
): { label: string; date: string; time: string }[] {
  const soon = (ms: number) => wallClock(new Date(Math.ceil((now + ms) / QUARTER_MS) * QUARTER_MS), zone);
  const { date: today } = wallClock(new Date(now), zone);
  const tomorrow = daysAfter(today, 1);
  return [
    { label: "In an hour", ...soon(3_600_000) },
    { label: "In 3 hours", ...soon(3 * 3_600_000) },
    { label: "Tomorrow 9:00", date: tomorrow, time: "09:00" },
    { label: "Tomorrow 14:00", date: tomorrow, time: "14:00" },
    { label: "In a week", date: daysAfter(today, 7), time: "09:00" },
  ];
}
