import { expect, test } from "vitest";
import { bytesText } from "./bytes";
import { clockDuration, wordDuration } from "./duration";
import { usd } from "./money";
import { compactCount, percent, plural } from "./number";
import { phoneText } from "./phone";
import { absoluteTime, relativeTime } from "./time";

const now = Date.parse("2026-11-23T15:00:00Z");

test.each([
  [0, "0:00"],
  [42, "0:42"],
  [725, "12:05"],
  [3723, "1:02:03"],
  [-3, "0:00"],
])("a running clock shows %d s as %s", (seconds, shown) => expect(clockDuration(seconds)).toBe(shown));

test.each([
  [42, "42 s"],
  [60, "1 min"],
  [725, "12 min 5 s"],
  [3720, "1 h 2 min"],
  [100_000, "1 d 3 h"],
])("%d s reads as %s", (seconds, shown) => expect(wordDuration(seconds)).toBe(shown));

test.each([
  ["2026-11-23T15:00:02Z", "now"],
  ["2026-11-23T14:55:00Z", "5 min. ago"],
  ["2026-11-23T17:10:00Z", "in 2 hr."],
  ["2026-11-22T14:00:00Z", "yesterday"],
])("%s is %s", (at, shown) => expect(relativeTime(new Date(at), now)).toBe(shown));

test("far away, the date says more than the distance", () => {
  expect(relativeTime(new Date("2026-01-05T12:00:00Z"), now)).toBe("5 Jan 2026");
});

test("absolute times name their zone", () => {
  expect(absoluteTime(new Date(now), "utc")).toBe("23 Nov 2026, 15:00:00 UTC");
  expect(absoluteTime(new Date(now), "America/New_York")).toContain("10:00:00");
});

test.each([
  ["0.0085", "$0.0085"],
  ["1204.5", "$1,204.50"],
  ["0", "$0.00"],
])("%s dollars are %s", (amount, shown) => expect(usd(amount)).toBe(shown));

test.each([
  ["+14155550123", "+1 415 555 0123"],
  ["+493012345678", "+49 301 234 5678"],
  ["client:ana", "client:ana"],
])("%s reads as %s", (phone, shown) => expect(phoneText(phone)).toBe(shown));

test("shares, counts and sizes", () => {
  expect(percent(0.029)).toBe("2.9 %");
  expect(percent(null)).toBe("–");
  expect(plural(1, "call")).toBe("1 call");
  expect(plural(1204, "call")).toBe("1,204 calls");
  expect(compactCount(1_204_000)).toBe("1.2M");
  expect(bytesText(999)).toBe("999 B");
  expect(bytesText(3_400_000)).toBe("3.4 MB");
});
