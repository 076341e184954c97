import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Schema } from "@/api/types";

export type Agent = Schema<"Agent">;
export type DeskCall = Schema<"DeskCall">;

/** What lies before the agent, and when it was asked for, on this page's clock. */
export interface Desk {
  agent: Agent;
  calls: DeskCall[];
  askedAt: number;
}

const BUSY_POLL_MS = 5_000;
const IDLE_POLL_MS = 20_000;

/**
 * Null for whoever takes no calls. The key is none of those that events refetch: on a busy floor somebody who manages hears hundreds of them a second,
 * and the desk would never come to rest. It listens for its own.
 */
export const deskQuery = queryOptions({
  queryKey: ["own-desk"],
  queryFn: async ({ signal }): Promise<Desk | null> => {
    const askedAt = performance.now();
    try {
      const { agent, calls } = await data(api.GET("/api/agents/me/desk", { signal }));
      return { agent, calls, askedAt };
    } catch (error) {
      if (takesNoCalls(error)) return null;
      throw error;
    }
  },
  staleTime: 0,
  // Offers come while another window is in front.
  refetchIntervalInBackground: true,
  refetchInterval: ({ state }) => ((state.data?.calls.length ?? 0) > 0 ? BUSY_POLL_MS : IDLE_POLL_MS),
});

function takesNoCalls(error: unknown): boolean {
  return asProblem(error).status === 404;
}

const OFFERED: readonly DeskCall["stage"][] = ["reserved", "ringing", "whisper"];

/** Whether the agent has yet to say what becomes of it. */
export function isOffer(call: DeskCall): boolean {
  return OFFERED.includes(call.stage);
}

/** What needs the agent first: an offer, then a conversation, then what is to be written up. */
export function byUrgency(calls: readonly DeskCall[]): DeskCall[] {
  const rank = (call: DeskCall) => (isOffer(call) ? 0 : call.stage === "on_call" ? 1 : 2);
  return [...calls].sort((a, b) => rank(a) - rank(b));
}

export function leadName({ lead, lead_name }: DeskCall): string {
  return [lead.first_name, lead.last_name].filter(Boolean).join(" ") || lead_name || "Unnamed lead";
}
