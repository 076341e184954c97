import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleOff, Clock, type LucideIcon, MailX } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Page, Schema } from "@/api/types";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { ColumnDef } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Time } from "@/ui/time";
import type { Tone } from "@/ui/tone";
import { WordBadge } from "@/ui/word-badge";
import { ListCard } from "../parts/list-card";

type Status = "open" | "accepted" | "revoked" | "expired";

/** The description of the API says of the status, by mistake, that it is an object besides. */
type Invitation = Omit<Schema<"Invitation">, "status"> & { status: Status };

const STATUSES: Record<Status, { label: string; tone: Tone; icon: LucideIcon }> = {
  open: { label: "Open", tone: "accent", icon: Clock },
  accepted: { label: "Accepted", tone: "ok", icon: CircleCheck },
  revoked: { label: "Revoked", tone: "neutral", icon: CircleOff },
  expired: { label: "Expired", tone: "warn", icon: MailX },
};

export function InvitationsCard() {
  const queryClient = useQueryClient();
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const invitations = usePages<Invitation>(
    [keys.settings, "invitations"],
    async (cursor) =>
      (await data(api.GET("/api/invitations", { params: { query: { cursor } } }))) as Page<Invitation>,
  );
  const revoke = useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE("/api/invitations/{invitation_id}", { params: { path: { invitation_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: [keys.settings, "invitations"] }),
  });
  const columns: ColumnDef<Invitation>[] = [
    {
      header: "Whom",
      cell: ({ row: { original: one } }) => (
        <span className="flex flex-col">
          <span className="break-all">{one.email}</span>
          {one.name && <span className="text-xs text-muted">{one.name}</span>}
        </span>
      ),
    },
    {
      header: "As",
      cell: ({ row }) => <WordBadge set="role" word={row.original.role} />,
      meta: { wideOnly: true },
    },
    {
      header: "Status",
      cell: ({ row }) => {
        const { label, tone, icon } = STATUSES[row.original.status];
        return (
          <Badge icon={icon} tone={tone}>
            {label}
          </Badge>
        );
      },
    },
    { header: "Made", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    {
      header: "Good until",
      cell: ({ row: { original: one } }) => (one.status === "open" ? <Time at={one.expires_at} /> : null),
      meta: { wideOnly: true },
    },
    {
      id: "revoke",
      header: () => <span className="sr-only">Revoke</span>,
      meta: { align: "right" },
      cell: ({ row }) =>
        row.original.status === "open" && (
          <Button size="small" onClick={() => setRevoking(row.original)}>
            Revoke
          </Button>
        ),
    },
  ];
  return (
    <>
      <ListCard
        title="Invitations"
        pages={invitations}
        columns={columns}
        rowId={(one) => one.id}
        empty={
          <EmptyState icon={Clock} title="Nobody was invited yet">
            Invite somebody, and pass the link on.
          </EmptyState>
        }
      />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke the invitation of ${revoking?.email ?? ""}?`}
        confirm="Revoke invitation"
        danger
        onConfirm={async () => revoking && revoke.mutateAsync(revoking.id)}
      >
        Its link opens nothing any more.
      </ConfirmDialog>
    </>
  );
}
