import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Laptop } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { login } from "@/auth/browser";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { ErrorBox } from "@/ui/error-box";
import { Time } from "@/ui/time";
import { clientName } from "./client-name";

type Session = Schema<"Session">;

export function Sessions() {
  const queryClient = useQueryClient();
  const key = [keys.me, "sessions"];
  const sessions = usePages(key, (cursor) =>
    data(api.GET("/api/auth/sessions", { params: { query: { cursor } } })),
  );
  const [ending, setEnding] = useState<Session | null>(null);
  const [isEndingAll, setEndingAll] = useState(false);

  const end = useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE("/api/auth/sessions/{session_id}", { params: { path: { session_id: id } } })),
    meta: { quiet: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });
  const endAll = useMutation({
    mutationFn: () => data(api.POST("/api/auth/logout-everywhere")),
    meta: { quiet: true },
    onSuccess: () => login.end(),
  });

  const columns: ColumnDef<Session>[] = [
    {
      header: "Where",
      cell: ({ row }) => (
        <span className="flex items-center gap-2">
          {clientName(row.original.client)}
          {row.original.is_current && (
            <Badge icon={Laptop} tone="accent">
              This one
            </Badge>
          )}
        </span>
      ),
    },
    { header: "Since", cell: ({ row }) => <Time at={row.original.created_at} />, meta: { wideOnly: true } },
    { header: "Last seen", cell: ({ row }) => <Time at={row.original.refreshed_at} /> },
    {
      id: "end",
      header: () => <span className="sr-only">End</span>,
      meta: { align: "right" },
      cell: ({ row }) =>
        !row.original.is_current && (
          <Button size="small" onClick={() => setEnding(row.original)}>
            End
          </Button>
        ),
    },
  ];

  return (
    <Card
      title="Sessions"
      padded={false}
      actions={
        <Button size="small" look="quiet" onClick={() => setEndingAll(true)}>
          Log out everywhere
        </Button>
      }
    >
      {sessions.query.isError ? (
        <div className="p-4">
          <ErrorBox error={sessions.query.error} onRetry={() => void sessions.query.refetch()} />
        </div>
      ) : (
        <DataTable
          label="Sessions"
          columns={columns}
          rows={sessions.rows}
          rowId={(session) => session.id}
          loading={sessions.query.isPending}
          hasMore={sessions.hasMore}
          isLoadingMore={sessions.isLoadingMore}
          onMore={sessions.loadMore}
        />
      )}
      <ConfirmDialog
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={`End the session of ${ending ? clientName(ending.client) : ""}?`}
        confirm="End session"
        danger
        onConfirm={async () => ending && end.mutateAsync(ending.id)}
      >
        Whoever uses it has to log in again.
      </ConfirmDialog>
      <ConfirmDialog
        open={isEndingAll}
        onOpenChange={setEndingAll}
        title="Log out everywhere?"
        confirm="Log out everywhere"
        danger
        onConfirm={() => endAll.mutateAsync()}
      >
        Every session of yours ends, this one, too.
      </ConfirmDialog>
    </Card>
  );
}
