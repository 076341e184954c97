import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { PhoneOff } from "lucide-react";
import type { ReactNode } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { phoneText } from "@/format/phone";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Time } from "@/ui/time";
import { Duration } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";

type Call = Schema<"CallSummary">;

const SHOWN = 20;

interface RecentCallsProps {
  filter: { campaign_id?: string; agent_id?: string; from?: string; to?: string };
  /** Which column tells the calls apart here. */
  other: "agent" | "campaign";
  empty: ReactNode;
}

/** The latest calls of somebody or something. All of them are on the page of calls. */
export function RecentCalls({ filter, other, empty }: RecentCallsProps) {
  const navigate = useNavigate();
  const calls = useQuery({
    queryKey: [keys.calls, "recent", filter],
    queryFn: () => data(api.GET("/api/calls", { params: { query: { ...filter, limit: SHOWN } } })),
  });
  const columns: ColumnDef<Call>[] = [
    {
      header: "Lead",
      cell: ({ row: { original: call } }) => (
        <Link to="/calls/$callId" params={{ callId: call.id }} className="font-medium hover:underline">
          {call.lead_name || phoneText(call.lead_phone) || "Erased"}
        </Link>
      ),
    },
    { header: "Opened", cell: ({ row }) => <Time at={row.original.opened_at} /> },
    {
      header: "Result",
      cell: ({ row: { original: call } }) =>
        call.disposition ? (
          <WordBadge set="disposition" word={call.disposition} />
        ) : (
          <WordBadge set="callState" word={call.state} />
        ),
    },
    {
      header: other === "agent" ? "Agent" : "Campaign",
      meta: { wideOnly: true },
      cell: ({ row }) => (other === "agent" ? (row.original.agent_name ?? "–") : row.original.campaign_name),
    },
    {
      header: "Talk",
      meta: { align: "right" },
      cell: ({ row }) => <Duration clock seconds={row.original.bridged_at ? row.original.talk_s : null} />,
    },
  ];
  if (calls.isError)
    return (
      <div className="p-4">
        <ErrorBox error={calls.error} title="The calls cannot be read" onRetry={() => void calls.refetch()} />
      </div>
    );
  return (
    <DataTable
      label="Latest calls"
      columns={columns}
      rows={calls.data?.data ?? []}
      rowId={(call) => call.id}
      onOpen={({ id }) => void navigate({ to: "/calls/$callId", params: { callId: id } })}
      loading={calls.isPending}
      empty={
        <EmptyState icon={PhoneOff} title="No calls yet">
          {empty}
        </EmptyState>
      }
    />
  );
}
