import { expect, test } from "vitest";
import type { LiveEvent } from "@/live/message";
import { concernsDesk } from "./news";

const event = (data: Record<string, unknown>): LiveEvent => ({
  id: "evt_1",
  type: "agent.stage_changed",
  timestamp: "2026-11-23T15:04:05Z",
  data: data as LiveEvent["data"],
});

test("only one's own events change a desk", () => {
  const mine = event({ agent_id: "agt_1", call_id: "call_9", stage: "reserved" });
  expect(concernsDesk(mine, "agt_1", [])).toBe(true);
  expect(concernsDesk(mine, "agt_2", ["call_8"])).toBe(false);
  expect(concernsDesk(event({ call_id: "call_8" }), "agt_2", ["call_8"])).toBe(true);
  expect(concernsDesk(event({ leads: 3 }), "agt_2", [])).toBe(false);
});
