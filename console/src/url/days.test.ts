import { expect, test } from "vitest";
import { addDays, dayOf, startOfDay } from "./days";
import { rangeOf } from "./range";

test.each([
  ["2026-11-23", "America/New_York", "2026-11-23T05:00:00.000Z"],
  ["2026-07-01", "America/New_York", "2026-07-01T04:00:00.000Z"],
  ["2026-11-23", "utc", "2026-11-23T00:00:00.000Z"],
  ["2026-11-23", "Asia/Kolkata", "2026-11-22T18:30:00.000Z"],
  // The days on which clocks are put forward and back.
  ["2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z"],
  ["2026-03-09", "America/New_York", "2026-03-09T04:00:00.000Z"],
  ["2026-11-01", "America/New_York", "2026-11-01T04:00:00.000Z"],
  ["2026-11-02", "America/New_York", "2026-11-02T05:00:00.000Z"],
])("%s begins in %s at %s", (day, zone, at) => {
  expect(startOfDay(day, zone)).toBe(at);
  expect(dayOf(new Date(at), zone)).toBe(day);
  expect(dayOf(new Date(Date.parse(at) - 1), zone)).toBe(addDays(day, -1));
});

test("days are counted over the ends of months", () => {
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});

test("presets follow the zone that is asked for", () => {
  const now = new Date("2026-11-23T02:00:00Z");
  expect(rangeOf({ range: "yesterday" }, now, "today", "America/New_York")).toEqual({
    from: "2026-11-21T05:00:00.000Z",
    to: "2026-11-22T05:00:00.000Z",
  });
  expect(rangeOf({ range: "7d" }, now, "today", "utc")).toEqual({ from: "2026-11-17T00:00:00.000Z" });
  expect(rangeOf({ range: "all" }, now)).toEqual({});
});
