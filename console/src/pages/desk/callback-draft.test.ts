import { expect, test } from "vitest";
import { callbackAt, callbackSuggestions, instantOf, problemOf } from "./callback-draft";

const now = Date.parse("2026-11-27T23:46:00Z");

test("it begins with tomorrow at this time, on the lead's clock", () => {
  const draft = callbackAt(["America/Los_Angeles"], now);
  expect(draft).toEqual({ zone: "America/Los_Angeles", date: "2026-11-28", time: "16:00" });
  expect(instantOf(draft)?.toISOString()).toBe("2026-11-29T00:00:00.000Z");
});

test("suggestions are on the lead's calendar, not on the agent's", () => {
  const [, , tomorrow] = callbackSuggestions("Asia/Tokyo", now);
  expect(tomorrow).toEqual({ label: "Tomorrow 9:00", date: "2026-11-29", time: "09:00" });
});

test.each([
  ["2026-11-27", "18:00", "America/New_York", "This is over already."],
  ["2026-11-27", "19:00", "America/New_York", undefined],
  ["2028-01-01", "09:00", "America/New_York", "This is more than a year away."],
  ["", "09:00", "America/New_York", "Give a date and a time."],
])("%s %s in %s: %s", (date, time, zone, problem) => {
  expect(problemOf({ zone, date, time }, now)).toBe(problem);
});
