import { expect, test } from "vitest";
import type { Schema } from "@/api/types";
import type { EventKind, LiveEvent } from "@/live/message";
import { type Agent, applied, type Board, boardOf, EMPTY } from "./board";

const agent = (more: Partial<Agent> = {}): Agent => ({
  id: "agt_1",
  name: "Maya",
  phone: "+12125550150",
  reach: "phone",
  group_ids: ["grp_1"],
  max_concurrent_calls: 1,
  presence: "available",
  state: "available",
  since: "2026-11-23T15:00:00Z",
  created_at: "2026-11-01T00:00:00Z",
  ...more,
});

const call = (more: Partial<Schema<"CallSummary">> = {}): Schema<"CallSummary"> => ({
  id: "call_1",
  campaign_id: "cmp_1",
  campaign_name: "Autumn",
  lead_id: "lead_1",
  lead_name: "Sara Ahmed",
  lead_phone: "+14155550171",
  attempt_no: 1,
  state: "dialing",
  opened_at: "2026-11-23T15:01:00Z",
  talk_s: 0,
  cost_usd: "0",
  cost_basis: "estimated",
  ...more,
});

const told = (agents: Agent[], calls: Schema<"CallSummary">[]): Schema<"Board"> => ({
  now: "2026-11-23T15:02:00Z",
  cursor: "0",
  agents,
  calls,
  calls_by_state: {},
  queues: { dial: 2 },
  leads_due: 7,
});

let minute = 10;
const event = (type: EventKind, data: Record<string, unknown>): LiveEvent => ({
  id: "evt_1",
  type,
  timestamp: `2026-11-23T15:${minute++}:00Z`,
  data: data as LiveEvent["data"],
});

const start = (): Board => boardOf(told([agent()], [call()]), EMPTY);

test("a call moves through its states, with its times", () => {
  const answer = event("call.state_changed", { call_id: "call_1", to_state: "amd" });
  const bridge = event("call.state_changed", { call_id: "call_1", to_state: "bridged" });
  const board = applied(start(), [answer, bridge]);
  expect(board.calls.get("call_1")).toMatchObject({
    state: "bridged",
    since: bridge.timestamp,
    answered_at: answer.timestamp,
    bridged_at: bridge.timestamp,
    lead_name: "Sara Ahmed",
  });
});

test("a call that is opened appears without a name, and goes when it is over", () => {
  const opening = event("call.opened", { call_id: "call_2", campaign_id: "cmp_1", attempt_no: 2 });
  const board = applied(start(), [opening]);
  expect(board.calls.get("call_2")).toMatchObject({
    state: "queued",
    attempt_no: 2,
    since: opening.timestamp,
  });
  expect(board.nameless).toBe(1);
  const over = applied(board, [event("call.dispositioned", { call_id: "call_2" })]);
  expect(over.calls.has("call_2")).toBe(false);
  expect(over.nameless).toBe(0);
});

test("what is told twice, or of calls that are over, changes nothing", () => {
  const board = applied(start(), [event("call.opened", { call_id: "call_1" })]);
  expect(board.calls.get("call_1")?.lead_name).toBe("Sara Ahmed");
  const late = applied(board, [event("call.state_changed", { call_id: "call_9", to_state: "bridged" })]);
  expect(late.calls.size).toBe(1);
});

test("an agent is held for a call, comes further with it, and is free again", () => {
  const stage = (word: string | null) =>
    event("agent.stage_changed", { agent_id: "agt_1", call_id: "call_1", stage: word });
  const ringing = stage("ringing");
  const held = applied(start(), [stage("reserved"), ringing]);
  expect(held.agents.get("agt_1")).toMatchObject({
    state: "ringing",
    call_id: "call_1",
    since: ringing.timestamp,
  });
  const free = stage(null);
  expect(applied(held, [free]).agents.get("agt_1")).toMatchObject({
    state: "available",
    call_id: null,
    since: free.timestamp,
  });
});

test("a presence is shown once the agent is free", () => {
  const away = event("agent.presence_changed", { agent_id: "agt_1", presence: "break" });
  expect(applied(start(), [away]).agents.get("agt_1")).toMatchObject({
    state: "break",
    since: away.timestamp,
  });

  const busy = boardOf(told([agent({ state: "on_call", call_id: "call_1" })], [call()]), EMPTY);
  const later = applied(busy, [away]);
  expect(later.agents.get("agt_1")).toMatchObject({ state: "on_call", presence: "break" });
  const over = event("agent.stage_changed", { agent_id: "agt_1", call_id: "call_1", stage: null });
  expect(applied(later, [over]).agents.get("agt_1")).toMatchObject({ state: "break" });
});

test("of two calls an agent is held for, the more engaged is shown", () => {
  const busy = boardOf(told([agent({ state: "on_call", call_id: "call_1" })], [call()]), EMPTY);
  const second = event("agent.stage_changed", { agent_id: "agt_1", call_id: "call_2", stage: "ringing" });
  const gone = event("agent.stage_changed", { agent_id: "agt_1", call_id: "call_2", stage: null });
  const board = applied(busy, [second, gone]);
  expect(board.agents.get("agt_1")).toMatchObject({ state: "on_call", call_id: "call_1" });
});

test("rows that nothing happened to stay the same objects", () => {
  const board = boardOf(told([agent(), agent({ id: "agt_2" })], [call(), call({ id: "call_2" })]), EMPTY);
  const after = applied(board, [event("call.state_changed", { call_id: "call_1", to_state: "amd" })]);
  expect(after.calls.get("call_2")).toBe(board.calls.get("call_2"));
  expect(after.agents.get("agt_2")).toBe(board.agents.get("agt_2"));

  const reread = boardOf(told([agent(), agent({ id: "agt_2", name: "May" })], [call()]), board);
  expect(reread.agents.get("agt_1")).toBe(board.agents.get("agt_1"));
  expect(reread.agents.get("agt_2")?.name).toBe("May");
  expect(reread.calls.get("call_1")).toBe(board.calls.get("call_1"));
  expect(reread.calls.has("call_2")).toBe(false);
});

test("a reading keeps the time at which a state was seen to begin", () => {
  const amd = event("call.state_changed", { call_id: "call_1", to_state: "conference" });
  const board = applied(start(), [amd]);
  const reread = boardOf(
    told([agent()], [call({ state: "conference", answered_at: "2026-11-23T15:01:30Z" })]),
    board,
  );
  expect(reread.calls.get("call_1")?.since).toBe(amd.timestamp);
  const moved = boardOf(
    told([agent()], [call({ state: "bridged", bridged_at: "2026-11-23T15:59:00Z" })]),
    board,
  );
  expect(moved.calls.get("call_1")?.since).toBe("2026-11-23T15:59:00Z");
});
