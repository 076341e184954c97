import { getRouteApi } from "@tanstack/react-router";
import { BookX, ClipboardPaste, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Schema } from "@/api/types";
import { phoneText } from "@/format/phone";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { IconButton } from "@/ui/icon-button";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { Time } from "@/ui/time";
import { PhoneNumber } from "@/ui/values";
import { AddDialog } from "./add-dialog";
import { BulkDialog } from "./bulk-dialog";
import { CheckCard } from "./check-card";
import { RemoveNumber } from "./remove-number";
import { sourceText } from "./source-text";

type Listed = Schema<"DoNotCall">;
type Asked = { what: "add" | "remove"; phone: string } | { what: "bulk" };

const route = getRouteApi("/inside/dnc");

export default function DncPage() {
  const { phone } = route.useSearch();
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const add = (number = "") => setAsked({ what: "add", phone: number });
  const remove = (number: string) => setAsked({ what: "remove", phone: number });
  const listed = usePages([keys.dnc, "list"], (cursor) =>
    data(api.GET("/api/dnc", { params: { query: { cursor } } })),
  );
  useShortcuts([{ keys: "n", label: "Add a number", group: "This page", run: () => add() }]);

  const columns: ColumnDef<Listed>[] = [
    {
      header: "Number",
      cell: ({ row }) =>
        row.original.phone ? (
          <PhoneNumber phone={row.original.phone} />
        ) : (
          <span className="text-muted">Erased</span>
        ),
    },
    {
      header: "Reason",
      cell: ({ row }) => row.original.reason || <span className="text-faint">–</span>,
    },
    {
      header: "Where from",
      meta: { wideOnly: true },
      cell: ({ row }) => sourceText(row.original.source),
    },
    { header: "Added", meta: { wideOnly: true }, cell: ({ row }) => <Time at={row.original.added_at} /> },
    {
      id: "remove",
      header: () => <span className="sr-only">Remove</span>,
      meta: { align: "right" },
      // The number of somebody who was erased stays for good: nobody knows it any more.
      cell: ({ row: { original } }) =>
        original.phone && (
          <IconButton
            label={`Remove ${phoneText(original.phone)}`}
            icon={<Trash2 aria-hidden />}
            onClick={() => original.phone && remove(original.phone)}
          />
        ),
    },
  ];

  const addButton = (
    <Button look="primary" icon={<Plus aria-hidden />} onClick={() => add()}>
      Add number
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title="Do-not-call list"
        description="Numbers that no campaign ever calls."
        actions={
          <>
            <Button icon={<ClipboardPaste aria-hidden />} onClick={() => setAsked({ what: "bulk" })}>
              Add many
            </Button>
            {addButton}
          </>
        }
      />
      <CheckCard
        phone={phone}
        onCheck={(number) => void navigate({ search: { phone: number } })}
        onAdd={add}
        onRemove={remove}
      />
      {listed.query.isError ? (
        <ErrorBox
          error={listed.query.error}
          title="The list cannot be read"
          onRetry={() => void listed.query.refetch()}
        />
      ) : (
        <Card padded={false} title="The list, latest first">
          <DataTable
            label="Do-not-call list"
            columns={columns}
            rows={listed.rows}
            rowId={(row) => `${row.phone} ${row.added_at}`}
            loading={listed.query.isPending}
            hasMore={listed.hasMore}
            isLoadingMore={listed.isLoadingMore}
            onMore={listed.loadMore}
            empty={
              <EmptyState icon={BookX} title="Nobody is on the list" action={addButton}>
                When somebody asks not to be called, add the number: it takes effect at once, in every
                campaign.
              </EmptyState>
            }
          />
        </Card>
      )}
      {asked?.what === "add" && <AddDialog phone={asked.phone} onClose={close} />}
      {asked?.what === "bulk" && <BulkDialog onClose={close} />}
      {asked?.what === "remove" && <RemoveNumber phone={asked.phone} onClose={close} />}
    </Page>
  );
}
