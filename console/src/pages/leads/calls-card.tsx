import { getRouteApi, Link } from "@tanstack/react-router";
import { PhoneOff } from "lucide-react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Time } from "@/ui/time";
import { Duration, Money } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";

type Call = Schema<"CallSummary">;

const route = getRouteApi("/inside/leads/$leadId");

const columns: ColumnDef<Call>[] = [
  {
    header: "Attempt",
    cell: ({ row: { original } }) => (
      <Link
        to="/calls/$callId"
        params={{ callId: original.id }}
        className="inline-flex min-h-6 items-center font-medium tabular-nums hover:underline"
      >
        No. {original.attempt_no}
      </Link>
    ),
  },
  { header: "When", cell: ({ row }) => <Time at={row.original.opened_at} /> },
  {
    header: "Result",
    cell: ({ row: { original } }) =>
      original.disposition ? (
        <WordBadge set="disposition" word={original.disposition} />
      ) : (
        <WordBadge set="callState" word={original.state} />
      ),
  },
  {
    header: "Agent",
    meta: { wideOnly: true },
    cell: ({ row: { original } }) => original.agent_name ?? <span className="text-faint">–</span>,
  },
  {
    header: "Talk",
    meta: { align: "right" },
    cell: ({ row }) => <Duration seconds={row.original.talk_s} clock />,
  },
  {
    header: "Cost",
    meta: { align: "right", wideOnly: true },
    cell: ({ row }) => <Money usd={row.original.cost_usd} />,
  },
];

/** Every call to the lead, the latest first. */
export function CallsCard({ leadId }: { leadId: string }) {
  const navigate = route.useNavigate();
  const calls = usePages([keys.calls, "list", { lead_id: leadId }], (cursor) =>
    data(api.GET("/api/calls", { params: { query: { lead_id: leadId, cursor } } })),
  );
  return (
    <Card title="Calls" padded={false}>
      {calls.query.isError ? (
        <div className="p-4">
          <ErrorBox error={calls.query.error} onRetry={() => void calls.query.refetch()} />
        </div>
      ) : (
        <DataTable
          label="Calls to this lead"
          columns={columns}
          rows={calls.rows}
          rowId={({ id }) => id}
          loading={calls.query.isPending}
          onOpen={({ id }) => void navigate({ to: "/calls/$callId", params: { callId: id } })}
          hasMore={calls.hasMore}
          isLoadingMore={calls.isLoadingMore}
          onMore={calls.loadMore}
          empty={
            <EmptyState icon={PhoneOff} title="Not called yet">
              Calls appear here as they begin.
            </EmptyState>
          }
        />
      )}
    </Card>
  );
}
