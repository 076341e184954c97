import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserMinus } from "lucide-react";
import { useState } from "react";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";
import { SkeletonLines } from "@/ui/skeleton";
import { WordBadge } from "@/ui/word-badge";

interface MembersDialogProps {
  group: Schema<"AgentGroup">;
  onClose: () => void;
}

/** Who belongs to a group. What is changed is changed at once. */
export function MembersDialog({ group, onClose }: MembersDialogProps) {
  const queryClient = useQueryClient();
  const members = usePages([keys.agents, "list", { group_id: group.id }], (cursor) =>
    data(api.GET("/api/agents", { params: { query: { group_id: group.id, cursor } } })),
  );
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: [keys.agents] });
    void queryClient.invalidateQueries({ queryKey: [keys.groups] });
  };
  const remove = useMutation({
    mutationFn: (agentId: string) =>
      data(
        api.DELETE("/api/agent-groups/{group_id}/members/{agent_id}", {
          params: { path: { group_id: group.id, agent_id: agentId } },
        }),
      ),
    onSuccess: refresh,
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Members of ${group.name}`}
      description="An agent may belong to several groups."
      footer={<Button onClick={onClose}>Done</Button>}
    >
      <div className="flex flex-col gap-4">
        <AddMember group={group} onAdded={refresh} />
        {members.query.isError ? (
          <ErrorBox error={members.query.error} onRetry={() => void members.query.refetch()} />
        ) : members.query.isPending ? (
          <SkeletonLines />
        ) : members.rows.length === 0 ? (
          <p className="text-muted">
            Nobody belongs to it yet. Choose an agent above, or{" "}
            <Link to="/agents" className="text-accent-text hover:underline">
              add one
            </Link>
            .
          </p>
        ) : (
          <ul className="flex flex-col">
            {members.rows.map((agent) => (
              <li
                key={agent.id}
                className="flex items-center gap-3 border-t border-line py-1.5 first:border-t-0"
              >
                <Link
                  to="/agents/$agentId"
                  params={{ agentId: agent.id }}
                  className="min-w-0 flex-1 truncate hover:underline"
                >
                  {agent.name}
                </Link>
                <WordBadge set="agentState" word={agent.state} />
                <IconButton
                  label={`Take ${agent.name} out`}
                  icon={<UserMinus />}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(agent.id)}
                />
              </li>
            ))}
          </ul>
        )}
        {members.hasMore && (
          <Button size="small" look="quiet" busy={members.isLoadingMore} onClick={members.loadMore}>
            Show more
          </Button>
        )}
      </div>
    </Dialog>
  );
}

interface AddMemberProps {
  group: Schema<"AgentGroup">;
  onAdded: () => void;
}

function AddMember({ group, onAdded }: AddMemberProps) {
  const key = useOnceKey();
  const [name, setName] = useState("");
  const { data: found } = useQuery({
    queryKey: ["agent-names", name, "with groups"],
    queryFn: () =>
      data(api.GET("/api/agents", { params: { query: { name: name || undefined, limit: 50 } } })),
    placeholderData: keepPreviousData,
  });
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: (agentId: string) => {
      const body = { agent_ids: [agentId] };
      return data(
        api.POST("/api/agent-groups/{group_id}/members", {
          // Who was added, taken out, and is added again is added once more.
          params: { path: { group_id: group.id }, header: once(key({ ...body, at: Date.now() })) },
          body,
        }),
      );
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["agent-names"] });
      onAdded();
    },
  });
  const options = (found?.data ?? [])
    .filter(({ group_ids }) => !group_ids.includes(group.id))
    .map((agent) => ({ value: agent.id as string, label: agent.name, hint: agent.phone }));
  return (
    <Field label="Add an agent" hint="By the beginning of the name.">
      <Combobox
        value={undefined}
        placeholder={add.isPending ? "Adding…" : "Choose an agent…"}
        options={options}
        onSearch={setName}
        onChange={(agentId) => add.mutate(agentId)}
        disabled={add.isPending}
      />
    </Field>
  );
}
