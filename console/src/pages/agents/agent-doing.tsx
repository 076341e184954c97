import { Link } from "@tanstack/react-router";
import { TickingTime } from "@/ui/ticking-time";
import { Time } from "@/ui/time";
import { WordBadge } from "@/ui/word-badge";
import type { Agent } from "./agent-data";

/** What an agent is doing, since when, and with which call. */
export function AgentDoing({ agent }: { agent: Agent }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <WordBadge set="agentState" word={agent.state} />
      <TickingTime since={agent.since} />
      {agent.call_id && (
        <Link
          to="/calls/$callId"
          params={{ callId: agent.call_id }}
          className="text-xs text-accent-text hover:underline"
        >
          See call
        </Link>
      )}
      {agent.presence_reason && <span className="text-xs text-muted">{agent.presence_reason}</span>}
      {agent.break_until && (
        <span className="text-xs text-muted">
          ends <Time at={agent.break_until} />
        </span>
      )}
    </span>
  );
}
