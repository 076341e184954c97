import { Undo2 } from "lucide-react";
import { clockTime } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import type { Agent } from "./desk";
import { Left } from "./left";
import { surpriseOf } from "./standing";
import { useSetStatus } from "./use-set-status";

/** Says that no calls come, when that is not the agent's own doing, and undoes it. */
export function StandingBanner({ agent }: { agent: Agent }) {
  const set = useSetStatus(agent.id);
  const { zone } = useZone();
  const surprise = surpriseOf(agent);
  if (surprise === null) return null;
  const { break_until } = agent;
  return (
    <div role="alert">
      <Callout
        tone="warn"
        title={surprise === "missed" ? "You missed a call" : "You were set offline"}
        action={
          <Button
            look="primary"
            icon={<Undo2 />}
            busy={set.isPending}
            onClick={() => set.mutate({ status: "available" })}
          >
            I am back
          </Button>
        }
      >
        {surprise === "missed" ? (
          <>
            You did not answer, so the next calls go to others.
            {break_until && (
              <>
                {" "}
                This ends by itself at {clockTime(new Date(break_until), zone)}, in{" "}
                <Left until={break_until} />.
              </>
            )}
          </>
        ) : (
          "This page was closed, asleep or cut off for more than half a minute. No calls come until you are back."
        )}
      </Callout>
    </div>
  );
}
