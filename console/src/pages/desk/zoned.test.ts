import { expect, test } from "vitest";
import { daysAfter, instantIn, isLawful, wallClock } from "./zoned";

test.each([
  ["America/New_York", "2026-11-23", "15:04", "2026-11-23T20:04:00.000Z"],
  ["America/New_York", "2026-07-01", "09:00", "2026-07-01T13:00:00.000Z"],
  ["Asia/Kolkata", "2026-11-23", "09:30", "2026-11-23T04:00:00.000Z"],
  ["Pacific/Auckland", "2026-11-24", "00:15", "2026-11-23T11:15:00.000Z"],
  ["UTC", "2026-02-28", "23:59", "2026-02-28T23:59:00.000Z"],
])("in %s, %s %s is %s", (zone, date, time, instant) => {
  expect(instantIn(zone, date, time)?.toISOString()).toBe(instant);
  expect(wallClock(new Date(instant), zone)).toEqual({ date, time });
});

test("of an hour that is there twice it is the first", () => {
  expect(instantIn("America/New_York", "2026-11-01", "01:30")?.toISOString()).toBe(
    "2026-11-01T05:30:00.000Z",
  );
});

test("an hour that is left out is one later", () => {
  const instant = instantIn("America/New_York", "2026-03-08", "02:30");
  expect(instant?.toISOString()).toBe("2026-03-08T07:30:00.000Z");
  expect(wallClock(instant ?? new Date(0), "America/New_York").time).toBe("03:30");
});

test("half a date is none", () => {
  expect(instantIn("UTC", "", "10:00")).toBeNull();
  expect(instantIn("UTC", "2026-11-23", "")).toBeNull();
  expect(instantIn("UTC", "2026-13-40", "10:00")).toBeNull();
});

test("days are counted on the calendar", () => {
  expect(daysAfter("2026-12-31", 1)).toBe("2027-01-01");
  expect(daysAfter("2026-03-07", 2)).toBe("2026-03-09");
});

test("it is lawful only where it is so in all zones", () => {
  const nineInNewYork = new Date("2026-11-23T14:00:00Z");
  expect(isLawful(nineInNewYork, ["America/New_York"])).toBe(true);
  expect(isLawful(nineInNewYork, ["America/New_York", "America/Los_Angeles"])).toBe(false);
});
