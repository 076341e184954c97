import type { Schema } from "@/api/types";
import type { LiveEvent } from "@/live/message";

export type Agent = Schema<"Agent">;
export type AgentState = Agent["state"];
export type CallState = Schema<"CallStateWord">;

/** A call that is not over, and since when it is in its state. */
export interface Call extends Schema<"CallSummary"> {
  since: string;
}

/** How the floor stands. Never changed in place: a row that is the same object is the same row. */
export interface Board {
  agents: ReadonlyMap<string, Agent>;
  calls: ReadonlyMap<string, Call>;
  queues: Readonly<Record<string, number>>;
  leadsDue: number;
  /** Calls that are known by their events alone, without names. */
  nameless: number;
}

export const EMPTY: Board = { agents: new Map(), calls: new Map(), queues: {}, leadsDue: 0, nameless: 0 };

/** The events that move a board. */
export const BOARD_EVENTS = [
  "call.opened",
  "call.state_changed",
  "call.dispositioned",
  "agent.presence_changed",
  "agent.stage_changed",
] as const;

/** The most engaged first, as the server has it. */
const ENGAGED: readonly string[] = ["on_call", "whisper", "ringing", "reserved", "wrap_up"];

/** The board as the server tells it. What is the same as before stays the same object. */
export function boardOf(told: Schema<"Board">, before: Board): Board {
  const agents = new Map(told.agents.map((agent) => [agent.id, same(before.agents.get(agent.id), agent)]));
  const calls = new Map(
    told.calls.map((call) => {
      const known = before.calls.get(call.id);
      const since = known?.state === call.state ? known.since : sinceOf(call);
      return [call.id, same(known, { ...call, since })];
    }),
  );
  return { agents, calls, queues: told.queues, leadsDue: told.leads_due, nameless: 0 };
}

/** The board after these events, in their order. */
export function applied(board: Board, events: readonly LiveEvent[]): Board {
  if (events.length === 0) return board;
  const next = { agents: new Map(board.agents), calls: new Map(board.calls) };
  for (const event of events) apply(next, event);
  let nameless = 0;
  for (const call of next.calls.values()) if (isNameless(call)) nameless += 1;
  return { ...board, ...next, nameless };
}

interface Draft {
  agents: Map<string, Agent>;
  calls: Map<string, Call>;
}

/** What the events of a board say. */
type Told = Partial<Record<"call_id" | "campaign_id" | "lead_id" | "agent_id", string>> & {
  attempt_no?: number;
  to_state?: CallState;
  presence?: Agent["presence"];
  stage?: AgentState | null;
};

function apply({ agents, calls }: Draft, { type, timestamp: at, data }: LiveEvent): void {
  const told: Told = data;
  const agent = agents.get(told.agent_id ?? "");
  const callId = told.call_id ?? "";
  const call = calls.get(callId);
  switch (type) {
    case "call.opened":
      if (!call) calls.set(callId, opened(callId, told, at));
      return;
    case "call.state_changed":
      if (call && told.to_state) calls.set(callId, moved(call, told.to_state, at));
      return;
    case "call.dispositioned":
      calls.delete(callId);
      return;
    case "agent.presence_changed":
      if (agent && told.presence) agents.set(agent.id, present(agent, told.presence, at));
      return;
    case "agent.stage_changed":
      if (agent) agents.set(agent.id, staged(agent, callId, told.stage ?? null, at));
  }
}

function opened(id: string, { campaign_id, lead_id, attempt_no }: Told, at: string): Call {
  return {
    id,
    campaign_id: campaign_id ?? "",
    campaign_name: "",
    lead_id: lead_id ?? "",
    lead_name: "",
    lead_phone: "",
    attempt_no: attempt_no ?? 1,
    state: "queued",
    opened_at: at,
    talk_s: 0,
    cost_usd: "0",
    cost_basis: "estimated",
    since: at,
  };
}

/** A call without a number was never read from the server: only its events were heard. */
function isNameless({ lead_phone, lead_name, campaign_name }: Call): boolean {
  return lead_phone === "" && lead_name === "" && campaign_name === "";
}

function moved(call: Call, state: CallState, at: string): Call {
  if (call.state === state) return call;
  const isAnswered = ["amd", "conference", "agent_whisper", "bridged", "voicemail"].includes(state);
  return {
    ...call,
    state,
    since: at,
    answered_at: call.answered_at ?? (isAnswered ? at : null),
    bridged_at: call.bridged_at ?? (state === "bridged" ? at : null),
  };
}

function present(agent: Agent, presence: Agent["presence"], at: string): Agent {
  if (agent.presence === presence) return agent;
  const isFree = !agent.call_id;
  return {
    ...agent,
    presence,
    // Events say nothing of it; the next reading does.
    presence_reason: null,
    break_until: null,
    ...(isFree && { state: presence, since: at }),
  };
}

function staged(agent: Agent, callId: string, stage: AgentState | null, at: string): Agent {
  if (stage === null) {
    if (agent.call_id !== callId) return agent;
    return { ...agent, state: agent.presence, since: at, call_id: null };
  }
  const isOther = Boolean(agent.call_id) && agent.call_id !== callId;
  // Of several calls the most engaged is shown.
  if (isOther && ENGAGED.indexOf(stage) > ENGAGED.indexOf(agent.state)) return agent;
  if (!isOther && agent.state === stage) return agent;
  return { ...agent, state: stage, since: at, call_id: callId };
}

/** Since when a call is in its state, as far as can be told from its times. */
function sinceOf(call: Schema<"CallSummary">): string {
  switch (call.state) {
    case "queued":
    case "dialing":
      return call.opened_at;
    case "bridged":
      return call.bridged_at ?? call.answered_at ?? call.opened_at;
    default:
      return call.answered_at ?? call.opened_at;
  }
}

/** The row as it was, if nothing in it is another. Values are plain, but for short lists. */
function same<Row extends object>(was: Row | undefined, row: Row): Row {
  if (!was) return row;
  const isSame = (Object.keys(row) as (keyof Row)[]).every((field) => {
    const [a, b] = [was[field], row[field]];
    return (
      a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b))
    );
  });
  return isSame ? was : row;
}
