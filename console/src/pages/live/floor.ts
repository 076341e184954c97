import type { Agent, AgentState, Board, Call, CallState } from "./board";
import type { LiveSearch } from "./search";

/** A line of a list that is grouped by state. */
export type Line<State extends string, Row> =
  | { kind: "group"; state: State; count: number }
  | { kind: "row"; row: Row };

/** Whoever needs somebody first. */
export const AGENT_ORDER: readonly AgentState[] = [
  "on_call",
  "whisper",
  "ringing",
  "reserved",
  "wrap_up",
  "available",
  "break",
  "offline",
];

/** From the dial to the conversation, and what leads out of it. */
export const CALL_ORDER: readonly CallState[] = [
  "queued",
  "dialing",
  "amd",
  "conference",
  "agent_whisper",
  "bridged",
  "voicemail",
  "closing",
];

/** Where there is a person on the line, it is urgent; where there is none, it is a queue. */
export const CALL_LIST_ORDER: readonly CallState[] = [
  "conference",
  "agent_whisper",
  "bridged",
  "amd",
  "dialing",
  "queued",
  "voicemail",
  "closing",
];

/** What campaigns there are, by what the filters need of them. */
export type GroupOfCampaign = ReadonlyMap<string, string>;

/** The agents of the groups that are asked for: a campaign's are those of its group. */
export function agentsOf(board: Board, search: LiveSearch, groupOf: GroupOfCampaign): Agent[] {
  const ofCampaign = search.campaign_id && groupOf.get(search.campaign_id);
  return [...board.agents.values()].filter(
    ({ group_ids }) =>
      (!search.group_id || group_ids.includes(search.group_id)) &&
      (!ofCampaign || group_ids.includes(ofCampaign)),
  );
}

/** The calls of the campaigns that are asked for: a group's are those of the campaigns that draw on it. */
export function callsOf(board: Board, search: LiveSearch, groupOf: GroupOfCampaign): Call[] {
  return [...board.calls.values()].filter(
    ({ campaign_id }) =>
      (!search.campaign_id || campaign_id === search.campaign_id) &&
      (!search.group_id || groupOf.get(campaign_id) === search.group_id),
  );
}

export function countByState<State extends string>(rows: Iterable<{ state: State }>): Map<State, number> {
  const counts = new Map<State, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

/** The rows by state, in this order, those that are longest in it first; or those of one state alone. */
export function grouped<State extends string, Row extends { state: State; since: string }>(
  rows: Iterable<Row>,
  order: readonly State[],
  only?: State,
): Line<State, Row>[] {
  const byState = new Map<State, Row[]>();
  for (const row of rows) {
    const others = byState.get(row.state);
    if (others) others.push(row);
    else byState.set(row.state, [row]);
  }
  return order.flatMap((state): Line<State, Row>[] => {
    const those = byState.get(state);
    if (!those || (only && state !== only)) return [];
    those.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
    return [
      { kind: "group", state, count: those.length },
      ...those.map((row): Line<State, Row> => ({ kind: "row", row })),
    ];
  });
}

/** Who is held for which call. */
export function agentByCall(agents: Iterable<Agent>): Map<string, Agent> {
  const held = new Map<string, Agent>();
  for (const agent of agents) if (agent.call_id) held.set(agent.call_id, agent);
  return held;
}
