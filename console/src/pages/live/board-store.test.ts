import { expect, test } from "vitest";
import type { Schema } from "@/api/types";
import type { LiveEvent } from "@/live/message";
import { BoardStore } from "./board-store";

function bench() {
  const works: (() => void)[] = [];
  const store = new BoardStore({
    now: () => 0,
    later: (work) => {
      works.push(work);
      return () => undefined;
    },
  });
  let shown = 0;
  store.watch(() => {
    shown += 1;
  });
  return { store, pass: () => works.splice(0).forEach((work) => void work()), shown: () => shown };
}

const opened = (callId: string): LiveEvent => ({
  id: "evt_1",
  type: "call.opened",
  timestamp: "2026-11-23T15:00:00Z",
  data: { call_id: callId } as object as LiveEvent["data"],
});

const reading = (...ids: string[]): Schema<"Board"> => ({
  now: "2026-11-23T15:00:00Z",
  cursor: "0",
  agents: [],
  calls: ids.map((id) => ({
    id,
    campaign_id: "cmp_1",
    campaign_name: "Autumn",
    lead_id: "lead_1",
    lead_name: "Sara",
    lead_phone: "+14155550171",
    attempt_no: 1,
    state: "dialing",
    opened_at: "2026-11-23T15:00:00Z",
    talk_s: 0,
    cost_usd: "0",
    cost_basis: "estimated",
  })),
  calls_by_state: {},
  queues: {},
  leads_due: 0,
});

test("events that come together are shown together", () => {
  const { store, pass, shown } = bench();
  for (let index = 0; index < 100; index += 1) store.push(opened(`call_${index}`));
  expect(store.board.calls.size).toBe(0);
  pass();
  expect(store.board.calls.size).toBe(100);
  expect(shown()).toBe(1);
});

test("what happened while a reading was on its way is not lost by it", () => {
  const { store, pass } = bench();
  store.push(opened("call_1"));
  const mark = store.mark();
  store.push(opened("call_2"));
  pass();
  store.replace(reading("call_1"), mark);
  expect([...store.board.calls.keys()]).toEqual(["call_1", "call_2"]);
  // The next reading knows it, or knows that it is over.
  store.replace(reading("call_1"), store.mark());
  expect([...store.board.calls.keys()]).toEqual(["call_1"]);
});
