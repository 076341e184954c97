import { Coffee, Headset, PhoneIncoming } from "lucide-react";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { Kbd } from "@/ui/kbd";
import { PhoneNumber } from "@/ui/values";
import type { Agent } from "./desk";
import { useSetStatus } from "./use-set-status";

const KEYS = [
  ["A", "Accept a call, as Enter does"],
  ["D", "Decline it"],
  ["N", "Write notes"],
  ["M", "Mute yourself"],
  ["O", "Put them on hold"],
  ["H", "Hang up, pressed twice"],
  ["1", "Up to 6: what came of it"],
  ["mod+enter", "Finish the call"],
  ["?", "All shortcuts"],
] as const;

/** What lies on the desk between calls: what comes next, and by which keys it is worked. */
export function Idle({ agent }: { agent: Agent }) {
  const set = useSetStatus(agent.id);
  const isAvailable = agent.presence === "available";
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card>
        {isAvailable ? (
          <EmptyState icon={PhoneIncoming} title="Waiting for a call">
            When somebody answers, their name and number appear here and your{" "}
            {agent.reach === "browser" ? (
              "softphone"
            ) : (
              <>
                phone <PhoneNumber phone={agent.phone} />
              </>
            )}{" "}
            rings. Keep this page open: without it no calls come.
          </EmptyState>
        ) : (
          <EmptyState
            icon={agent.presence === "break" ? Coffee : Headset}
            title={agent.presence === "break" ? "You are on a break" : "You are offline"}
            action={
              <Button look="primary" busy={set.isPending} onClick={() => set.mutate({ status: "available" })}>
                {agent.presence === "break" ? "Back from the break" : "Take calls"}
              </Button>
            }
          >
            {agent.group_ids.length === 0
              ? "You belong to no group yet, so no campaign's calls reach you. Ask who manages your team to add you to one."
              : "No calls come before you are available."}
          </EmptyState>
        )}
      </Card>
      <Card title="Keys" className="max-md:hidden">
        <ul className="flex flex-col gap-2">
          {KEYS.map(([keys, does]) => (
            <li key={keys} className="flex items-center gap-3">
              <span className="w-16 shrink-0">
                <Kbd keys={keys} />
              </span>
              {does}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
