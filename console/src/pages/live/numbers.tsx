import { ABANDON_LIMIT, abandonStanding } from "@/format/abandon";
import { count, percent, plural } from "@/format/number";
import { StatTile } from "@/ui/stat-tile";
import type { AgentState, Board } from "./board";
import { useAbandoned } from "./use-abandoned";

/** As far as the server counts. */
const DUE_MOST = 10_000;

interface NumbersProps {
  board: Board;
  isRead: boolean;
  calls: number;
  agents: ReadonlyMap<AgentState, number>;
  campaignId: string | undefined;
}

/** How the floor does, each number beside what it is to be compared with. */
export function Numbers({ board, isRead, calls, agents, campaignId }: NumbersProps) {
  const today = useAbandoned(campaignId).data;
  const rate = today?.abandon_rate ?? null;
  const free = agents.get("available") ?? 0;
  let staffed = 0;
  for (const [state, those] of agents) if (state !== "offline" && state !== "break") staffed += those;
  const waiting = Object.values(board.queues).reduce((sum, queue) => sum + queue, 0);
  const shown = <Value,>(value: Value) => (isRead ? value : undefined);
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-5 *:last:max-lg:col-span-2">
      <StatTile
        label="Calls in flight"
        value={shown(count(calls))}
        note="not over yet"
        definition="Calls that were opened and are not over, those being wound up among them."
      />
      <StatTile
        label="Agents free"
        value={shown(`${count(free)} of ${count(staffed)}`)}
        note={free === 0 && staffed > 0 ? "everybody is busy" : "of those at work"}
        definition="Available agents of those who are neither on a break nor offline."
      />
      <StatTile
        label="Abandoned today"
        value={today && percent(rate)}
        target={`limit ${percent(ABANDON_LIMIT, 0)}`}
        note={today && `${count(today.abandoned)} of ${plural(today.human, "person", "people")}`}
        standing={abandonStanding(rate)}
        definition="Calls that a person answered and no agent came to in time, of all calls with a person since midnight on your clock."
      />
      <StatTile
        label="Leads due"
        value={shown(`${count(board.leadsDue)}${board.leadsDue >= DUE_MOST ? "+" : ""}`)}
        note={board.leadsDue === 0 ? "nobody to call now" : "could be called now"}
        definition="Leads of running campaigns that may be called at this moment. Filters do not change it."
      />
      <StatTile
        label="Queue depth"
        value={shown(count(waiting))}
        note={queueText(board.queues)}
        definition="What the workers have yet to do: dials, steps of calls under way, and records to fetch. Filters do not change it."
      />
    </div>
  );
}

function queueText(queues: Board["queues"]): string {
  const parts = Object.entries(queues).map(([queue, depth]) => `${queue} ${count(depth)}`);
  return parts.length > 0 ? parts.join(" · ") : "nothing waits";
}
