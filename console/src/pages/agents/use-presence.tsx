import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { type WordOf, wordOf } from "@/words/words";
import type { Agent } from "./agent-data";
import { BreakDialog } from "./break-dialog";

type Presence = WordOf<"presence">;

/** Sets whether agents take calls; breaks are asked a reason for. `dialog` belongs onto the page. */
export function usePresence(): {
  set: (agent: Agent, presence: Presence) => void;
  busy: boolean;
  dialog: ReactNode;
} {
  const queryClient = useQueryClient();
  const [onBreak, setOnBreak] = useState<Agent | null>(null);
  const change = useMutation({
    mutationFn: ({ agent, status, reason }: { agent: Agent; status: Presence; reason?: string }) =>
      data(
        api.PUT("/api/agents/{agent_id}/status", {
          params: { path: { agent_id: agent.id } },
          body: { status, ...(reason && { reason }) },
        }),
      ),
    onSuccess: async ({ name, presence }) => {
      setOnBreak(null);
      toast.success(`${name}: ${wordOf("presence", presence).label.toLowerCase()}`);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: [keys.agents] }),
        queryClient.invalidateQueries({ queryKey: [keys.board] }),
      ]);
    },
  });
  return {
    set: (agent, status) => {
      if (status === "break") setOnBreak(agent);
      else change.mutate({ agent, status });
    },
    busy: change.isPending,
    dialog: onBreak && (
      <BreakDialog
        name={onBreak.name}
        busy={change.isPending}
        onSet={(reason) => change.mutate({ agent: onBreak, status: "break", reason })}
        onClose={() => setOnBreak(null)}
      />
    ),
  };
}
