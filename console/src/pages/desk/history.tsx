import { Time } from "@/ui/time";
import { Duration } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import type { DeskCall } from "./desk";

/** Earlier calls to the lead. */
export function History({ calls }: { calls: DeskCall["history"] }) {
  if (calls.length === 0) return <p className="text-muted">This is the first call to them.</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {calls.map((call) => (
        <li key={call.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 first:pt-0 last:pb-0">
          {call.disposition && <WordBadge set="disposition" word={call.disposition} />}
          <Time at={call.opened_at} />
          {call.agent_name && <span className="text-muted">with {call.agent_name}</span>}
          {call.talk_s > 0 && (
            <span className="ml-auto text-muted">
              <Duration seconds={call.talk_s} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
