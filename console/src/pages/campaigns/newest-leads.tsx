import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp, Users } from "lucide-react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Time } from "@/ui/time";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import type { Campaign } from "./campaign-data";

type Lead = Schema<"Lead">;

const SHOWN = 20;

/** The leads that came last. All of them are on the page of leads. */
export function NewestLeads({ campaign }: { campaign: Campaign }) {
  const navigate = useNavigate();
  const leads = useQuery({
    queryKey: [keys.leads, "newest", campaign.id],
    queryFn: () =>
      data(api.GET("/api/leads", { params: { query: { campaign_id: campaign.id, limit: SHOWN } } })),
  });
  const upload = campaign.status !== "stopped" && (
    <Button asChild size="small">
      <Link to="/imports/new" search={{ campaign_id: campaign.id }}>
        <FileUp aria-hidden />
        Upload leads
      </Link>
    </Button>
  );
  const columns: ColumnDef<Lead>[] = [
    {
      header: "Lead",
      cell: ({ row: { original: lead } }) => (
        <Link to="/leads/$leadId" params={{ leadId: lead.id }} className="font-medium hover:underline">
          {[lead.first_name, lead.last_name].filter(Boolean).join(" ") || "No name"}
        </Link>
      ),
    },
    { header: "Number", cell: ({ row }) => <PhoneNumber phone={row.original.phone} /> },
    { header: "Status", cell: ({ row }) => <WordBadge set="lead" word={row.original.status} /> },
    { header: "Calls", meta: { align: "right", wideOnly: true }, cell: ({ row }) => row.original.attempts },
    {
      header: "Next call",
      meta: { wideOnly: true },
      cell: ({ row }) => <Time at={row.original.next_call_at} />,
    },
  ];
  return (
    <Card
      title="Newest leads"
      padded={false}
      actions={
        <>
          {upload}
          <Button asChild size="small">
            <Link to="/leads" search={{ campaign_id: campaign.id }}>
              All leads
            </Link>
          </Button>
        </>
      }
    >
      {leads.isError ? (
        <div className="p-4">
          <ErrorBox
            error={leads.error}
            title="The leads cannot be read"
            onRetry={() => void leads.refetch()}
          />
        </div>
      ) : (
        <DataTable
          label="Newest leads"
          columns={columns}
          rows={leads.data?.data ?? []}
          rowId={(lead) => lead.id}
          onOpen={({ id }) => void navigate({ to: "/leads/$leadId", params: { leadId: id } })}
          loading={leads.isPending}
          empty={
            <EmptyState icon={Users} title="No leads yet" action={upload}>
              A CSV file with a column of phone numbers is enough.
            </EmptyState>
          }
        />
      )}
    </Card>
  );
}
