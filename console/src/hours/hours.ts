import type { Schema } from "@/api/types";
import { DAYS, type Day, daysText } from "./days";

type Terms = Schema<"CallingWindowTerms">;

/** Hours of the week in one time zone, as a form holds them: dates are empty where there is none. */
export interface Hours {
  time_zone: string;
  days: Day[];
  opens: string;
  closes: string;
  starts_on: string;
  ends_on: string;
}

/** What the API has when nothing else is said. */
export function officeHours(zone: string): Hours {
  return {
    time_zone: zone,
    days: ["mon", "tue", "wed", "thu", "fri"],
    opens: "09:00",
    closes: "17:00",
    starts_on: "",
    ends_on: "",
  };
}

export function hoursOf(terms: Terms): Hours {
  const usual = officeHours(terms.time_zone);
  return {
    ...usual,
    days: terms.days ? DAYS.filter((day) => terms.days?.includes(day)) : usual.days,
    opens: terms.opens ?? usual.opens,
    closes: terms.closes ?? usual.closes,
    starts_on: terms.starts_on ?? "",
    ends_on: terms.ends_on ?? "",
  };
}

export function termsOf(hours: Hours): Terms {
  const { starts_on, ends_on, ...rest } = hours;
  return { ...rest, ...(starts_on && { starts_on }), ...(ends_on && { ends_on }) };
}

/** What is wrong with hours, by the field it is said at. */
export type HoursErrors = Partial<Record<"time_zone" | "days" | "opens" | "closes" | "ends_on", string>>;

export function checkHours(hours: Hours): HoursErrors {
  const errors: HoursErrors = {};
  if (hours.time_zone === "") errors.time_zone = "Choose the time zone of these hours.";
  if (hours.days.length === 0) errors.days = "Choose at least one day.";
  if (hours.opens === "") errors.opens = "Say when it opens.";
  if (hours.closes === "") errors.closes = "Say when it closes.";
  else if (hours.opens === hours.closes)
    errors.closes = "It cannot open and close at the same time. For all day, say 08:00 to 21:00.";
  if (hours.starts_on && hours.ends_on && hours.ends_on < hours.starts_on)
    errors.ends_on = "The last date lies before the first.";
  return errors;
}

/** Whether a window runs past midnight. */
export function isOvernight({ opens, closes }: Pick<Hours, "opens" | "closes">): boolean {
  return opens !== "" && closes !== "" && closes <= opens;
}

/** "Mon–Fri, 09:00–17:00". The zone stands beside it. */
export function hoursText(hours: Hours): string {
  const next = isOvernight(hours) ? " (next day)" : "";
  return `${daysText(hours.days)}, ${hours.opens}–${hours.closes}${next}`;
}

/** "from 1 Dec 2026", "until 3 Dec 2026"; empty where there are no dates. */
export function datesText({ starts_on, ends_on }: Hours): string {
  const date = (day: string) =>
    new Intl.DateTimeFormat("en-GB", {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    }).format(new Date(`${day}T00:00:00Z`));
  if (starts_on && ends_on) return `${date(starts_on)} to ${date(ends_on)}`;
  if (starts_on) return `from ${date(starts_on)}`;
  return ends_on ? `until ${date(ends_on)}` : "";
}
