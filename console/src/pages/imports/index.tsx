import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { FileSpreadsheet, Upload } from "lucide-react";
import { useEffect, useState } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { count } from "@/format/number";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { CampaignSelect } from "@/ui/campaign-select";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { Time } from "@/ui/time";
import { Toolbar } from "@/ui/toolbar";
import { isUnderWay, POLL_MS } from "./import-query";
import { StatusBadge } from "./status-badge";
import { TemplateButton } from "./template-button";

type Import = Schema<"Import">;

const route = getRouteApi("/inside/imports");
const counted = { align: "right", wideOnly: true } as const;

export default function ImportsPage() {
  const { campaign_id } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: campaigns } = useQuery(campaignNamesQuery);
  const [isMoving, setMoving] = useState(false);
  const imports = usePages(
    [keys.imports, "list", campaign_id],
    (cursor) => data(api.GET("/api/imports", { params: { query: { campaign_id, cursor } } })),
    { refetchInterval: isMoving ? POLL_MS : undefined },
  );
  useEffect(() => setMoving(imports.rows.some(({ status }) => isUnderWay(status))), [imports.rows]);
  useShortcuts([
    {
      keys: "u",
      label: "Upload leads",
      group: "This page",
      run: () => void navigate({ to: "/imports/new", search: { campaign_id } }),
    },
  ]);

  const columns: ColumnDef<Import>[] = [
    {
      header: "File",
      cell: ({ row: { original } }) => (
        <Link
          to="/imports/$importId"
          params={{ importId: original.id }}
          className="block min-w-20 font-medium break-words hover:underline"
        >
          {original.file_name || "Without a name"}
        </Link>
      ),
    },
    { header: "Status", cell: ({ row }) => <StatusBadge of={row.original} /> },
    {
      header: "Campaign",
      meta: { wideOnly: true },
      cell: ({ row: { original } }) =>
        campaigns?.find(({ id }) => id === original.campaign_id)?.name ?? (
          <span className="text-faint">–</span>
        ),
    },
    { header: "Rows", meta: counted, cell: ({ row }) => count(row.original.counts.rows) },
    { header: "Valid", meta: counted, cell: ({ row }) => count(row.original.counts.valid) },
    { header: "Do not call", meta: counted, cell: ({ row }) => count(row.original.counts.do_not_call) },
    { header: "Duplicate", meta: counted, cell: ({ row }) => count(row.original.counts.duplicate) },
    { header: "Invalid", meta: counted, cell: ({ row }) => count(row.original.counts.invalid) },
    { header: "When", cell: ({ row }) => <Time at={row.original.created_at} /> },
  ];
  const uploadButton = (
    <Button asChild look="primary">
      <Link to="/imports/new" search={{ campaign_id }}>
        <Upload aria-hidden />
        Upload leads
      </Link>
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title="Imports"
        description="Files of leads, and what became of their rows."
        actions={
          <>
            <TemplateButton />
            {uploadButton}
          </>
        }
      />
      <Toolbar>
        <CampaignSelect
          value={campaign_id}
          onChange={(chosen) => navigate({ search: { campaign_id: chosen } })}
        />
      </Toolbar>
      {imports.query.isError ? (
        <ErrorBox error={imports.query.error} onRetry={() => void imports.query.refetch()} />
      ) : (
        <Card padded={false}>
          <DataTable
            label="Imports"
            columns={columns}
            rows={imports.rows}
            rowId={({ id }) => id}
            loading={imports.query.isPending}
            onOpen={({ id }) => void navigate({ to: "/imports/$importId", params: { importId: id } })}
            hasMore={imports.hasMore}
            isLoadingMore={imports.isLoadingMore}
            onMore={imports.loadMore}
            empty={
              <EmptyState
                icon={FileSpreadsheet}
                title={campaign_id ? "No file was uploaded for this campaign" : "No file was uploaded yet"}
                action={uploadButton}
              >
                Upload a CSV file of people to call. You see its first rows before anything is sent.
              </EmptyState>
            }
          />
        </Card>
      )}
    </Page>
  );
}
