import { expect, test } from "vitest";
import { abandonStanding, abandonWords } from "@/format/abandon";
import { changeOf, changeText, previousOf, shareOf } from "./previous";
import { type Standing, stepsOf } from "./steps";

const noon = Date.parse("2026-11-23T12:00:00Z");

test.each([
  ["a day so far", { from: "2026-11-23T00:00:00Z" }, "2026-11-22T00:00:00.000Z", "2026-11-22T12:00:00.000Z"],
  [
    "yesterday",
    { from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" },
    "2026-11-21T00:00:00.000Z",
    "2026-11-22T00:00:00.000Z",
  ],
  ["a week so far", { from: "2026-11-17T00:00:00Z" }, "2026-11-10T00:00:00.000Z", "2026-11-16T12:00:00.000Z"],
  [
    "a range that is not over",
    { from: "2026-11-23T00:00:00Z", to: "2026-11-25T00:00:00Z" },
    "2026-11-22T00:00:00.000Z",
    "2026-11-22T12:00:00.000Z",
  ],
])("before %s", (_what, range, from, to) => expect(previousOf(range, noon)).toEqual({ from, to }));

test("before the beginning there is nothing, nor before what is still to come", () => {
  expect(previousOf({}, noon)).toBeUndefined();
  expect(previousOf({ from: "2026-11-24T00:00:00Z" }, noon)).toBeUndefined();
});

test.each([
  [120, 100, "+20.0 %"],
  [97, 100, "−3.0 %"],
  [100, 100, "no change"],
  [5, 0, "–"],
  [null, 3, "–"],
])("%s after %s is %s", (now, before, text) => expect(changeText(changeOf(now, before))).toBe(text));

test("a share of nothing is none", () => {
  expect(shareOf(1, 4)).toBe(0.25);
  expect(shareOf(0, 0)).toBeNull();
});

test.each([
  [null, "ok", "within the limit"],
  [0.0199, "ok", "within the limit"],
  [0.02, "warn", "close to the limit"],
  [0.0299, "warn", "close to the limit"],
  [0.03, "bad", "over the limit"],
])("an abandon rate of %s is %s: %s", (rate, standing, words) => {
  expect(abandonStanding(rate)).toBe(standing);
  expect(abandonWords(rate)).toBe(words);
});

const nothing: Standing = { groups: false, agents: false, leads: false, campaigns: [] };

test("the first steps, in the order in which each becomes possible", () => {
  expect(stepsOf(nothing).map(({ id, isDone, isNext }) => [id, isDone, isNext])).toEqual([
    ["group", false, true],
    ["agent", false, false],
    ["campaign", false, false],
    ["leads", false, false],
    ["start", false, false],
  ]);
  const draft = { id: "cmp_1", name: "Autumn", started: false };
  const almost = stepsOf({ groups: true, agents: true, leads: true, campaigns: [draft] });
  expect(almost.find(({ isNext }) => isNext)?.id).toBe("start");
});
