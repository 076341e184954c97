import { Link } from "@tanstack/react-router";
import type { Schema } from "@/api/types";
import type { ColumnDef } from "@/ui/data-table";
import { TickingTime } from "@/ui/ticking-time";
import { Time } from "@/ui/time";
import { Duration, Money, PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";

export type CallSummary = Schema<"CallSummary">;

export const callColumns: ColumnDef<CallSummary>[] = [
  {
    header: "Lead",
    cell: ({ row: { original: call } }) => (
      <span className="flex flex-col">
        <Link to="/calls/$callId" params={{ callId: call.id }} className="font-medium hover:underline">
          {call.lead_name || "Erased"}
        </Link>
        <span className="text-xs text-muted">
          <PhoneNumber phone={call.lead_phone} />
        </span>
      </span>
    ),
  },
  {
    header: "Result",
    cell: ({ row: { original: call } }) =>
      call.disposition ? (
        <WordBadge set="disposition" word={call.disposition} />
      ) : (
        <WordBadge set="callState" word={call.state} />
      ),
  },
  { header: "Campaign", accessorKey: "campaign_name", meta: { wideOnly: true } },
  {
    header: "Agent",
    cell: ({ row }) => row.original.agent_name ?? <span className="text-faint">–</span>,
    meta: { wideOnly: true },
  },
  { header: "Attempt", accessorKey: "attempt_no", meta: { align: "right", wideOnly: true } },
  {
    header: "Opened",
    cell: ({ row }) => <Time at={row.original.opened_at} />,
    meta: { sort: "opened_at" },
  },
  {
    header: "Length",
    cell: ({ row: { original: call } }) =>
      call.closed_at ? (
        <Duration seconds={(Date.parse(call.closed_at) - Date.parse(call.opened_at)) / 1000} clock />
      ) : (
        <TickingTime since={call.opened_at} />
      ),
    meta: { align: "right", wideOnly: true },
  },
  {
    header: "Talk",
    cell: ({ row }) => <Duration seconds={row.original.talk_s} clock />,
    meta: { align: "right", wideOnly: true },
  },
  {
    header: "Cost",
    cell: ({ row }) => <Money usd={row.original.cost_usd} />,
    meta: { align: "right", wideOnly: true },
  },
];
