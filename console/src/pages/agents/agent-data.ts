import { queryOptions } from "@tanstack/react-query";
import { api, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";

export type Agent = Schema<"Agent">;

/** An agent, with its version. */
export const agentQuery = (id: string) =>
  queryOptions({
    queryKey: [keys.agents, "one", id],
    queryFn: () => versioned(api.GET("/api/agents/{agent_id}", { params: { path: { agent_id: id } } })),
  });
