import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleOff, Clock, KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { useNow } from "@/live/use-now";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { CopyId } from "@/ui/copy-id";
import type { ColumnDef } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Time } from "@/ui/time";
import { ListCard } from "../parts/list-card";
import { ApiKeyDialog } from "./api-key-dialog";

type ApiKey = Schema<"ApiKey">;

export default function ApiKeys() {
  const queryClient = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const apiKeys = usePages([keys.settings, "api-keys"], (cursor) =>
    data(api.GET("/api/api-keys", { params: { query: { cursor } } })),
  );
  const revoke = useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE("/api/api-keys/{api_key_id}", { params: { path: { api_key_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: [keys.settings, "api-keys"] }),
  });
  const columns: ColumnDef<ApiKey>[] = [
    {
      header: "Key",
      cell: ({ row: { original: one } }) => (
        <span className="flex flex-col items-start">
          <span className="font-medium">{one.name}</span>
          <CopyId id={one.id} />
        </span>
      ),
    },
    { header: "Status", cell: ({ row }) => <Standing of={row.original} /> },
    {
      header: "Scopes",
      cell: ({ row }) => (
        <span className="font-mono text-xs text-muted">{row.original.scopes.join(", ")}</span>
      ),
      meta: { wideOnly: true },
    },
    {
      header: "Last used",
      cell: ({ row }) => <Time at={row.original.last_used_at} />,
      meta: { wideOnly: true },
    },
    {
      id: "revoke",
      header: () => <span className="sr-only">Revoke</span>,
      meta: { align: "right" },
      cell: ({ row }) =>
        row.original.revoked_at == null && (
          <Button size="small" onClick={() => setRevoking(row.original)}>
            Revoke
          </Button>
        ),
    },
  ];
  const make = (
    <Button look="primary" icon={<Plus />} onClick={() => setMaking(true)}>
      New key
    </Button>
  );
  return (
    <>
      <ListCard
        title="API keys"
        actions={apiKeys.rows.length > 0 && make}
        pages={apiKeys}
        columns={columns}
        rowId={(one) => one.id}
        empty={
          <EmptyState icon={KeyRound} title="No API key yet" action={make}>
            A key lets a program of yours, such as a CRM, use the API.
          </EmptyState>
        }
      />
      {isMaking && <ApiKeyDialog onClose={() => setMaking(false)} />}
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.name ?? ""}?`}
        confirm="Revoke key"
        danger
        onConfirm={async () => revoking && revoke.mutateAsync(revoking.id)}
      >
        It is refused everywhere within half a minute, and cannot be used again.
      </ConfirmDialog>
    </>
  );
}

function Standing({ of: one }: { of: ApiKey }) {
  const now = useNow(10_000);
  if (one.revoked_at != null) {
    return (
      <Badge icon={CircleOff} tone="neutral">
        Revoked
      </Badge>
    );
  }
  if (one.expires_at == null) {
    return (
      <Badge icon={CircleCheck} tone="ok">
        Good
      </Badge>
    );
  }
  if (Date.parse(one.expires_at) <= now) {
    return (
      <Badge icon={Clock} tone="warn">
        Expired
      </Badge>
    );
  }
  return (
    <span className="flex flex-col items-start">
      <Badge icon={CircleCheck} tone="ok">
        Good
      </Badge>
      <span className="text-xs text-muted">
        ends <Time at={one.expires_at} />
      </span>
    </span>
  );
}
