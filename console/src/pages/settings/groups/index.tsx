import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pencil, Plus, Trash2, Users, UsersRound } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { count } from "@/format/number";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { ColumnDef } from "@/ui/data-table";
import { MenuItem } from "@/ui/dropdown-menu";
import { EmptyState } from "@/ui/empty-state";
import { Time } from "@/ui/time";
import { ListCard } from "../parts/list-card";
import { RowMenu } from "../parts/row-menu";
import { GroupDialog } from "./group-dialog";
import { MembersDialog } from "./members-dialog";

type Group = Schema<"AgentGroup">;

/** What is being done to which group. */
type Doing = { what: "rename" | "members" | "delete"; group: Group } | { what: "create" };

export default function Groups() {
  const queryClient = useQueryClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const groups = usePages([keys.groups, "list"], (cursor) =>
    data(api.GET("/api/agent-groups", { params: { query: { cursor } } })),
  );
  const remove = useMutation({
    mutationFn: ({ id }: Group) =>
      data(api.DELETE("/api/agent-groups/{group_id}", { params: { path: { group_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: [keys.groups] });
      void queryClient.invalidateQueries({ queryKey: [keys.agents] });
    },
  });

  const columns: ColumnDef<Group>[] = [
    {
      header: "Group",
      cell: ({ row: { original: group } }) => (
        <Link
          to="/agents"
          search={{ group_id: group.id }}
          className="inline-flex min-h-6 items-center font-medium hover:underline"
        >
          {group.name}
        </Link>
      ),
    },
    {
      header: "Agents",
      cell: ({ row: { original: group } }) => (
        <Button
          size="small"
          look="quiet"
          icon={<Users />}
          onClick={() => setDoing({ what: "members", group })}
        >
          {count(group.agents)}
          <span className="sr-only"> agents of {group.name}: show and change</span>
        </Button>
      ),
    },
    {
      header: "Campaigns",
      cell: ({ row }) => count(row.original.campaigns),
      meta: { align: "right", wideOnly: true },
    },
    { header: "Made", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    {
      id: "menu",
      header: () => <span className="sr-only">Actions</span>,
      meta: { align: "right" },
      cell: ({ row: { original: group } }) => (
        <RowMenu of={group.name}>
          <MenuItem icon={<Users />} onSelect={() => setDoing({ what: "members", group })}>
            Members
          </MenuItem>
          <MenuItem icon={<Pencil />} onSelect={() => setDoing({ what: "rename", group })}>
            Rename
          </MenuItem>
          <MenuItem icon={<Trash2 />} danger onSelect={() => setDoing({ what: "delete", group })}>
            Delete
          </MenuItem>
        </RowMenu>
      ),
    },
  ];

  const close = () => setDoing(null);
  const add = (
    <Button look="primary" icon={<Plus />} onClick={() => setDoing({ what: "create" })}>
      New group
    </Button>
  );
  const whom = doing && "group" in doing ? doing.group : undefined;
  return (
    <>
      <ListCard
        title="Agent groups"
        actions={groups.rows.length > 0 && add}
        pages={groups}
        columns={columns}
        rowId={(group) => group.id}
        empty={
          <EmptyState icon={UsersRound} title="No group yet" action={add}>
            A group is a team of agents. A campaign draws its agents from one.
          </EmptyState>
        }
      />
      {doing?.what === "create" && <GroupDialog onClose={close} />}
      {doing?.what === "rename" && <GroupDialog group={doing.group} onClose={close} />}
      {doing?.what === "members" && <MembersDialog group={doing.group} onClose={close} />}
      <ConfirmDialog
        open={doing?.what === "delete"}
        onOpenChange={(open) => !open && close()}
        title={`Delete ${whom?.name ?? ""}?`}
        confirm="Delete group"
        danger
        onConfirm={async () => whom && remove.mutateAsync(whom)}
      >
        Its agents stay. A group that a campaign draws from cannot be deleted.
      </ConfirmDialog>
    </>
  );
}
