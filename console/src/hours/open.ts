import { DAYS, type Day } from "./days";
import { type Hours, isOvernight } from "./hours";

/** How hours stand at an instant. */
export type Standing = "open" | "closed" | "not_begun" | "over";

/** Whether hours are open at an instant. The server decides; this is to tell people why nothing happens. */
export function standingAt(hours: Hours, at: number): Standing {
  const { date, day, time } = civil(at, hours.time_zone);
  if (hours.ends_on && date > hours.ends_on) return "over";
  const yesterday = shifted(date, -1);
  if (isOpenOn(hours, date, day) && time >= hours.opens && (isOvernight(hours) || time < hours.closes))
    return "open";
  if (isOvernight(hours) && isOpenOn(hours, yesterday, before(day)) && time < hours.closes) return "open";
  return hours.starts_on && date < hours.starts_on ? "not_begun" : "closed";
}

function isOpenOn(hours: Hours, date: string, day: Day): boolean {
  if (hours.starts_on && date < hours.starts_on) return false;
  if (hours.ends_on && date > hours.ends_on) return false;
  return hours.days.includes(day);
}

function before(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length] ?? day;
}

function shifted(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Date, weekday and time on the clock of a zone. */
function civil(at: number, zone: string): { date: string; day: Day; time: string } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const weekday = part("weekday").toLowerCase();
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    day: DAYS.find((day) => day === weekday) ?? "mon",
    time: `${part("hour")}:${part("minute")}`,
  };
}
