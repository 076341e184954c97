import { useMemo } from "react";
import { type DeskCall, leadName } from "./desk";
import { knownOf, scriptParts } from "./script-parts";

/** What to read from, as text, with what is known of the lead filled in. */
export function Script({ call, agentName }: { call: DeskCall; agentName: string }) {
  const { script, lead, campaign_name } = call;
  const parts = useMemo(
    () => scriptParts(script, knownOf(lead, { agent: agentName, campaign: campaign_name })),
    [script, lead, agentName, campaign_name],
  );
  if (parts.length === 0) {
    return (
      <p className="text-muted">
        This campaign has no script. Say who you are, and ask whether it is a good time for {leadName(call)}.
      </p>
    );
  }
  return (
    <div className="max-w-prose text-base leading-7 whitespace-pre-line">
      {parts.map((part, index) => {
        const key = index;
        if (part.kind === "plain") return <span key={key}>{part.text}</span>;
        if (part.kind === "filled") return <strong key={key}>{part.text}</strong>;
        return (
          <span key={key} className="rounded bg-warn-soft px-1 text-warn">
            [{part.text}?]
          </span>
        );
      })}
    </div>
  );
}
