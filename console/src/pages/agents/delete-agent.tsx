import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { Agent } from "./agent-data";

interface DeleteAgentProps {
  agent: Agent;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteAgent({ agent, onClose, onDeleted }: DeleteAgentProps) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      data(api.DELETE("/api/agents/{agent_id}", { params: { path: { agent_id: agent.id } } })),
    meta: { quiet: true },
    onSuccess: async () => {
      toast.success(`${agent.name} is deleted`);
      onDeleted?.();
      await Promise.all(
        [keys.agents, keys.groups, keys.board].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${agent.name}?`}
      confirm="Delete agent"
      danger
      onConfirm={() => remove.mutateAsync()}
    >
      The agent takes no calls any more, and leaves its groups. The calls it took stay, with its name. It
      cannot be undone.
    </ConfirmDialog>
  );
}
