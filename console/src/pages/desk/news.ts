import type { LiveEvent } from "@/live/message";

/** Events that change what lies on a desk. Whoever manages hears of everybody's; most of it is others' business. */
export const DESK_EVENTS = [
  "agent.stage_changed",
  "agent.presence_changed",
  "call.state_changed",
  "call.dispositioned",
] as const;

/** Whether an event is about this agent, or about a call on its desk. */
export function concernsDesk(event: LiveEvent, agentId: string, callIds: readonly string[]): boolean {
  const { agent_id, call_id } = event.data as { agent_id?: unknown; call_id?: unknown };
  return agent_id === agentId || callIds.some((callId) => callId === call_id);
}
