import { expect, test } from "vitest";
import type { Campaign } from "./campaign-data";
import { type Facts, type Grade, isMissing, type Point, readiness } from "./readiness";

const campaign = {
  caller_ids: ["+12125550100"],
  calling_window: { time_zone: "America/New_York" },
  conduct: { record: true, opening: "This call is recorded." },
} as Campaign;

const number = (but: Partial<Facts["callerIds"][number]>): Facts["callerIds"][number] => ({
  phone: "+12125550100",
  listed: true,
  daily_cap: 100,
  calls_today: 99,
  ...but,
});

const ready: Facts = {
  campaign,
  preview: { at: "", callable_now: 3, callable_later: 2, not_callable: 0, shares: [] },
  group: { id: "grp_1", name: "East desk", agents: 2, campaigns: 1, created_at: "" },
  available: 1,
  callerIds: [number({})],
  capped: false,
  now: Date.parse("2026-11-30T15:00:00Z"),
};

const gradeOf = (key: Point["key"], facts: Partial<Facts>): Grade | undefined =>
  readiness({ ...ready, ...facts }).find((point) => point.key === key)?.grade;

const preview = (now: number, later: number, never: number) => ({
  preview: { at: "", callable_now: now, callable_later: later, not_callable: never, shares: [] },
});

test("nothing is missing when all is there", () => {
  expect(readiness(ready).map(({ grade }) => grade)).toEqual(["ok", "ok", "ok", "ok"]);
  expect(isMissing(readiness(ready))).toBe(false);
});

test.each<[Point["key"], string, Partial<Facts>, Grade]>([
  ["leads", "no leads", preview(0, 0, 0), "missing"],
  ["leads", "leads that are done with", preview(0, 0, 7), "missing"],
  ["leads", "leads for later", preview(0, 7, 0), "note"],
  ["agents", "nobody available", { available: 0 }, "missing"],
  ["hours", "closed hours", { now: Date.parse("2026-11-30T03:00:00Z") }, "note"],
  ["caller_id", "another caller id", { callerIds: [number({ phone: "+12125550199" })] }, "missing"],
  ["caller_id", "one that the carrier took away", { callerIds: [number({ listed: false })] }, "missing"],
  ["caller_id", "one at its cap", { callerIds: [number({ calls_today: 100 })] }, "note"],
  ["caller_id", "one without a cap", { callerIds: [number({ daily_cap: null })] }, "ok"],
  ["announcement", "recording in silence", { campaign: { ...campaign, conduct: { record: true } } }, "note"],
  ["limits", "a cap that is reached", { capped: true }, "missing"],
])("%s: %s", (key, _what, facts, grade) => expect(gradeOf(key, facts)).toBe(grade));
