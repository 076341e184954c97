import { Link } from "@tanstack/react-router";
import { PhoneOff, PhoneOutgoing } from "lucide-react";
import { memo, useMemo } from "react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { TickingTime } from "@/ui/ticking-time";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import { wordOf } from "@/words/words";
import type { Agent, Call, CallState } from "./board";
import { callName } from "./call-name";
import { agentByCall, CALL_LIST_ORDER, grouped } from "./floor";
import { GroupedList } from "./grouped-list";
import { callThresholds } from "./thresholds";

const HEADS = ["Lead", "State", "Since", "Campaign", "Agent", "Attempt", "Actions"] as const;
const COLUMNS =
  "gap-x-3 max-md:grid-cols-[minmax(0,1fr)_auto_2rem] md:grid-cols-[minmax(11rem,1.6fr)_11rem_4.5rem_minmax(8rem,1fr)_minmax(8rem,1fr)_4rem_4rem]";

interface CallListProps {
  calls: readonly Call[];
  agents: readonly Agent[];
  only: CallState | undefined;
  onEnd: (call: Call) => void;
}

/** The calls that are not over. */
export function CallList({ calls, agents, only, onEnd }: CallListProps) {
  const lines = useMemo(() => grouped(calls, CALL_LIST_ORDER, only), [calls, only]);
  const heldBy = useMemo(() => agentByCall(agents), [agents]);
  if (lines.length === 0) {
    return (
      <EmptyState
        icon={PhoneOutgoing}
        title={only ? `No calls: ${wordOf("callState", only).label}` : "No calls in flight"}
        action={
          !only && (
            <Button asChild look="primary">
              <Link to="/campaigns">See the campaigns</Link>
            </Button>
          )
        }
      >
        {only
          ? "No call is in this state now. Choose it again above to see all."
          : "Calls appear here when a campaign runs, has leads that are due, and agents are available."}
      </EmptyState>
    );
  }
  return (
    <GroupedList
      label="Calls in flight"
      heads={HEADS}
      columns={COLUMNS}
      lines={lines}
      word={(state) => wordOf("callState", state)}
    >
      {(call) => (
        <CallCells call={call} agent={call.agent_name ?? heldBy.get(call.id)?.name ?? ""} onEnd={onEnd} />
      )}
    </GroupedList>
  );
}

interface CallCellsProps {
  call: Call;
  agent: string;
  onEnd: (call: Call) => void;
}

const CallCells = memo(function CallCells({ call, agent, onEnd }: CallCellsProps) {
  const name = callName(call);
  return (
    <>
      <td className="truncate">
        <Link to="/calls/$callId" params={{ callId: call.id }} className="font-medium hover:underline">
          {name}
        </Link>
        {call.lead_name && (
          <span className="text-muted max-md:hidden">
            {" "}
            · <PhoneNumber phone={call.lead_phone} />
          </span>
        )}
      </td>
      <td className="max-md:justify-self-end">
        <WordBadge set="callState" word={call.state} />
      </td>
      <td className="max-md:order-4 max-md:justify-self-end">
        <TickingTime since={call.since} {...callThresholds[call.state]} />
      </td>
      <td className="truncate text-muted max-md:hidden">{call.campaign_name}</td>
      <td className="truncate text-muted max-md:order-3 max-md:row-start-2">
        <span className="md:hidden">
          {call.campaign_name}
          {agent && " · "}
        </span>
        {agent}
      </td>
      <td className="text-muted tabular-nums max-md:hidden">{call.attempt_no}</td>
      <td className="justify-self-end max-md:order-2 max-md:row-span-2">
        <button
          type="button"
          aria-label={`End the call with ${name}`}
          onClick={() => onEnd(call)}
          className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-bad-soft hover:text-bad"
        >
          <PhoneOff aria-hidden className="size-4" />
        </button>
      </td>
    </>
  );
});
