import { expect, test } from "vitest";
import { type Day, daysText } from "./days";
import { checkHours, datesText, type Hours, hoursOf, hoursText, officeHours, termsOf } from "./hours";
import { standingAt } from "./open";

const newYork = officeHours("America/New_York");
const hours = (part: Partial<Hours>): Hours => ({ ...newYork, ...part });

test.each<[Day[], string]>([
  [["mon", "tue", "wed", "thu", "fri"], "Mon–Fri"],
  [["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "Every day"],
  [["mon", "wed", "thu", "fri"], "Mon, Wed–Fri"],
  [["sat", "sun"], "Sat, Sun"],
])("%j reads as %s", (days, text) => expect(daysText(days)).toBe(text));

test("terms come back from a form as they were", () => {
  const terms = {
    time_zone: "Europe/Berlin",
    days: ["mon"],
    opens: "10:00",
    closes: "12:30",
    ends_on: "2026-12-03",
  };
  expect(termsOf(hoursOf(terms))).toEqual(terms);
});

test("what is left out is as the API has it", () =>
  expect(hoursOf({ time_zone: "America/New_York" })).toEqual(newYork));

test("hours past midnight say so", () =>
  expect(hoursText(hours({ opens: "18:00", closes: "02:00" }))).toBe("Mon–Fri, 18:00–02:00 (next day)"));

test("dates are named where there are any", () => {
  expect(datesText(newYork)).toBe("");
  expect(datesText(hours({ starts_on: "2026-12-01", ends_on: "2026-12-03" }))).toBe(
    "1 Dec 2026 to 3 Dec 2026",
  );
});

test.each<[Partial<Hours>, string]>([
  [{ days: [] }, "days"],
  [{ opens: "09:00", closes: "09:00" }, "closes"],
  [{ starts_on: "2026-12-03", ends_on: "2026-12-01" }, "ends_on"],
  [{ time_zone: "" }, "time_zone"],
])("%j cannot be", (part, field) => expect(Object.keys(checkHours(hours(part)))).toEqual([field]));

test.each<[Partial<Hours>, string, string]>([
  [{}, "2026-11-30T14:00:00Z", "open"],
  [{}, "2026-11-30T13:59:00Z", "closed"],
  [{}, "2026-11-30T22:00:00Z", "closed"],
  [{}, "2026-11-29T17:00:00Z", "closed"],
  [{ opens: "20:00", closes: "02:00" }, "2026-12-05T06:30:00Z", "open"],
  [{ opens: "20:00", closes: "02:00" }, "2026-12-05T07:30:00Z", "closed"],
  [{ opens: "20:00", closes: "02:00" }, "2026-12-06T06:30:00Z", "closed"],
  [{ starts_on: "2026-12-01" }, "2026-11-30T15:00:00Z", "not_begun"],
  [{ ends_on: "2026-11-27" }, "2026-11-30T15:00:00Z", "over"],
])("%j at %s is %s", (part, at, standing) => expect(standingAt(hours(part), Date.parse(at))).toBe(standing));
