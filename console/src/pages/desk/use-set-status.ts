import { useMutation } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { Schema } from "@/api/types";
import { useReread } from "./use-desk";

/** Says whether the agent takes calls. */
export function useSetStatus(agentId: string) {
  const reread = useReread();
  return useMutation({
    mutationFn: (body: Schema<"AgentStatus">) =>
      data(api.PUT("/api/agents/{agent_id}/status", { params: { path: { agent_id: agentId } }, body })),
    onSettled: reread,
  });
}
