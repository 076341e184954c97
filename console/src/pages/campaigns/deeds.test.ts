import { expect, test } from "vitest";
import { deedsOf } from "./deeds";
import { aCampaign } from "./testing";

const line = (at: string, action: string, subject: string, detail = {}) => ({
  at,
  action,
  subject,
  detail,
  actor: "usr_1",
});

test("a campaign's history names what was done to it, the latest first", () => {
  const about = `/api/campaigns/${aCampaign.id}`;
  const deeds = deedsOf(
    [
      line("2026-11-27T12:00:00Z", "start_campaign", `${about}/start`),
      line("2026-11-28T12:00:00Z", "update_campaign", about, {
        before: { max_concurrent_calls: 10 },
        after: { max_concurrent_calls: 20 },
      }),
      line("2026-11-28T13:00:00Z", "pause_campaign", "/api/campaigns/cmp_other/pause"),
    ],
    aCampaign,
    () => undefined,
  );
  expect(deeds.map(({ verb, changes }) => [verb, changes])).toEqual([
    [
      "changed settings",
      [{ key: "max_concurrent_calls", label: "Calls at once", before: "10", after: "20" }],
    ],
    ["started it", []],
  ]);
});
