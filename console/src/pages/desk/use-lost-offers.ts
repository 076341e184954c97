import { useEffect, useRef } from "react";
import { toast } from "sonner";
import { type Desk, type DeskCall, isOffer, leadName } from "./desk";
import { surpriseOf } from "./standing";

const declined = new Set<string>();

/** Notes that an offer goes because the agent wanted it to. */
export function letGo(callId: string): void {
  declined.add(callId);
}

/** Says what became of an offer that vanishes by itself: a panel that is simply gone leaves people wondering. */
export function useLostOffers({ agent, calls }: Desk): void {
  const before = useRef<readonly DeskCall[]>([]);
  // The banner says it then.
  const isMissed = surpriseOf(agent) === "missed";
  useEffect(() => {
    const here = new Set(calls.map(({ id }) => id));
    for (const call of before.current) {
      if (!isOffer(call) || here.has(call.id) || declined.has(call.id) || isMissed) continue;
      toast.info(`The call with ${leadName(call)} is gone`, {
        description: "It was not accepted in time, or they hung up.",
      });
    }
    before.current = calls;
  }, [calls, isMissed]);
}
