import { expect, test } from "vitest";
import type { Preview } from "./campaign-data";
import { progressOf, sharesOf } from "./shares";

const later = (leads: number, at: string) => ({
  permission: "deny_until",
  rule: "not_due_yet",
  sentence: "The time set for the next call is still to come.",
  at,
  leads,
});

const preview: Preview = {
  at: "2026-11-30T15:00:00Z",
  callable_now: 4,
  callable_later: 5,
  not_callable: 3,
  shares: [
    { permission: "allow", rule: null, sentence: null, at: null, leads: 4 },
    later(3, "2026-11-30T17:00:00Z"),
    later(2, "2026-11-30T16:00:00Z"),
    { permission: "deny_forever", rule: "already_in_call", sentence: "A call is open.", at: null, leads: 1 },
    { permission: "deny_forever", rule: "lead_closed", sentence: "Reached already.", at: null, leads: 2 },
  ],
};

test("leads with the same reason are one share, with the first of their times", () => {
  const [first] = sharesOf(preview);
  expect(sharesOf(preview).map(({ leads }) => leads)).toEqual([5, 4, 2, 1]);
  expect(first).toMatchObject({ rule: "not_due_yet", at: "2026-11-30T16:00:00Z" });
});

test("whoever is in a call is not done with", () =>
  expect(progressOf(preview)).toEqual({ total: 12, done: 2, inCall: 1 }));
