import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { memo, useMemo } from "react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { TickingTime } from "@/ui/ticking-time";
import { WordBadge } from "@/ui/word-badge";
import { wordOf } from "@/words/words";
import { AgentMenu } from "./agent-menu";
import type { Agent, AgentState, Board, Call } from "./board";
import { callName } from "./call-name";
import { AGENT_ORDER, grouped } from "./floor";
import { GroupedList } from "./grouped-list";
import { agentThresholds } from "./thresholds";

const HEADS = ["Agent", "State", "Since", "Call", "Group", "Actions"] as const;
const COLUMNS =
  "gap-x-3 max-md:grid-cols-[minmax(0,1fr)_auto_2rem] md:grid-cols-[minmax(9rem,1.2fr)_8.5rem_4.5rem_minmax(10rem,2fr)_minmax(6rem,1fr)_4rem]";

interface AgentListProps {
  agents: readonly Agent[];
  calls: Board["calls"];
  groupNames: ReadonlyMap<string, string>;
  only: AgentState | undefined;
  onEnd: (call: Call) => void;
}

/** What each agent is doing. */
export function AgentList({ agents, calls, groupNames, only, onEnd }: AgentListProps) {
  const lines = useMemo(() => grouped(agents, AGENT_ORDER, only), [agents, only]);
  if (lines.length === 0) {
    return agents.length === 0 ? (
      <EmptyState
        icon={Users}
        title="No agents here"
        action={
          <Button asChild look="primary">
            <Link to="/agents">Add agents</Link>
          </Button>
        }
      >
        Agents take the calls that people answer. Those you add appear here, with what they are doing.
      </EmptyState>
    ) : (
      <EmptyState icon={Users} title={`Nobody: ${wordOf("agentState", only ?? "available").label}`}>
        No agent is in this state now. Choose it again above to see all.
      </EmptyState>
    );
  }
  return (
    <GroupedList
      label="Agents"
      heads={HEADS}
      columns={COLUMNS}
      lines={lines}
      word={(state) => wordOf("agentState", state)}
    >
      {(agent) => (
        <AgentCells
          agent={agent}
          call={calls.get(agent.call_id ?? "")}
          groups={agent.group_ids.map((id) => groupNames.get(id) ?? "…").join(", ")}
          onEnd={onEnd}
        />
      )}
    </GroupedList>
  );
}

interface AgentCellsProps {
  agent: Agent;
  call: Call | undefined;
  groups: string;
  onEnd: (call: Call) => void;
}

const AgentCells = memo(function AgentCells({ agent, call, groups, onEnd }: AgentCellsProps) {
  return (
    <>
      <td className="truncate">
        <Link to="/agents/$agentId" params={{ agentId: agent.id }} className="font-medium hover:underline">
          {agent.name}
        </Link>
      </td>
      <td className="max-md:justify-self-end">
        <WordBadge set="agentState" word={agent.state} />
      </td>
      <td className="max-md:order-4 max-md:justify-self-end">
        <TickingTime since={agent.since} {...agentThresholds[agent.state]} />
      </td>
      <td className="truncate text-muted max-md:order-3 max-md:row-start-2">
        {call ? (
          <Link to="/calls/$callId" params={{ callId: call.id }} className="hover:underline">
            <span className="text-text">{callName(call)}</span>
            {call.campaign_name && ` · ${call.campaign_name}`}
          </Link>
        ) : (
          agent.state === "break" && agent.presence_reason
        )}
      </td>
      <td className="truncate text-muted max-md:hidden">{groups}</td>
      <td className="justify-self-end max-md:order-2 max-md:row-span-2">
        <AgentMenu agent={agent} call={call} onEnd={onEnd} />
      </td>
    </>
  );
});
