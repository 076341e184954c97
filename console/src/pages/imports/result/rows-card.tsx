import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FileDown, ListChecks } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import { sentence } from "@/api/problem";
import type { Schema } from "@/api/types";
import { count } from "@/format/number";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Fact, Facts } from "@/ui/facts";
import { saveFile } from "@/ui/save-file";
import { Select } from "@/ui/select";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import { oneOf } from "@/url/read";
import { optionsOf, wordsOf } from "@/words/words";
import { isUnderWay } from "../import-query";

type Row = Schema<"ImportRow">;

const ANY = "any";
const route = getRouteApi("/inside/imports/$importId");

/** Rows of the file, and what became of each. */
export function RowsCard({ of: one }: { of: Schema<"Import"> }) {
  const { outcome } = route.useSearch();
  const navigate = route.useNavigate();
  const [shown, setShown] = useState<Row | null>(null);
  const rows = usePages([keys.imports, "rows", one.id, outcome], (cursor) =>
    data(
      api.GET("/api/imports/{import_id}/rows", {
        params: { path: { import_id: one.id }, query: { outcome, cursor } },
      }),
    ),
  );
  const download = useMutation({
    mutationFn: () =>
      data(
        api.GET("/api/imports/{import_id}/rejects", {
          params: { path: { import_id: one.id } },
          parseAs: "blob",
        }),
      ),
    onSuccess: (csv: Blob) => saveFile(csv, `rejected-${one.file_name || "rows.csv"}`),
  });
  const rejects = one.counts.invalid + one.counts.duplicate;

  const columns: ColumnDef<Row>[] = [
    {
      header: "Line",
      meta: { align: "right", className: "w-px" },
      cell: ({ row: { original } }) => (
        <button
          type="button"
          onClick={() => setShown(original)}
          aria-label={`Show line ${original.line}`}
          className="min-h-6 min-w-6 underline decoration-dotted underline-offset-3"
        >
          {count(original.line)}
        </button>
      ),
    },
    { header: "Outcome", cell: ({ row }) => <WordBadge set="importOutcome" word={row.original.outcome} /> },
    {
      header: "Lead",
      cell: ({ row: { original } }) => (
        <div className="flex flex-col">
          <span>{original.name || <span className="text-faint">–</span>}</span>
          <span className="text-xs text-muted">
            <PhoneNumber phone={original.phone} />
          </span>
        </div>
      ),
    },
    {
      header: "Column",
      meta: { wideOnly: true },
      cell: ({ row }) => row.original.column ?? <span className="text-faint">–</span>,
    },
    {
      header: "Reason",
      meta: { className: "min-w-56" },
      cell: ({ row: { original } }) =>
        original.reason ? (
          <div className="flex flex-col py-1">
            <span>{sentence(original.reason)}</span>
            {original.hint && <span className="text-xs text-muted">{sentence(original.hint)}</span>}
          </div>
        ) : (
          <span className="text-faint">–</span>
        ),
    },
  ];

  return (
    <Card
      title="Rows"
      padded={false}
      actions={
        <>
          <Select
            aria-label="Outcome"
            value={outcome ?? ANY}
            options={[
              { value: ANY, label: "Any outcome" },
              ...optionsOf("importOutcome").map(({ value, label }) => ({
                value,
                label: `${label} (${count(one.counts[value])})`,
              })),
            ]}
            onChange={(chosen) =>
              navigate({ search: { outcome: oneOf(chosen, wordsOf("importOutcome")) }, replace: true })
            }
            className="w-32 sm:w-44"
          />
          {rejects > 0 && !isUnderWay(one.status) && (
            <Button icon={<FileDown />} busy={download.isPending} onClick={() => download.mutate()}>
              Rejected rows
            </Button>
          )}
        </>
      }
    >
      {rows.query.isError ? (
        <div className="p-4">
          <ErrorBox error={rows.query.error} onRetry={() => void rows.query.refetch()} />
        </div>
      ) : (
        <DataTable
          label="Rows of the file"
          columns={columns}
          rows={rows.rows}
          rowId={({ line }) => String(line)}
          onOpen={setShown}
          loading={rows.query.isPending}
          hasMore={rows.hasMore}
          isLoadingMore={rows.isLoadingMore}
          onMore={rows.loadMore}
          empty={
            <EmptyState icon={ListChecks} title={outcome ? "No row with this outcome" : "No row yet"}>
              {isUnderWay(one.status)
                ? "Rows appear here as they are read."
                : "Choose another outcome to see more."}
            </EmptyState>
          }
        />
      )}
      <p className="border-t border-line px-4 py-2 text-xs text-muted">
        The first thousand rows, and of the others those that were not stored, will not be called, or are odd.
      </p>
      {shown && (
        <Dialog
          open
          onOpenChange={(open) => !open && setShown(null)}
          title={`Line ${count(shown.line)}`}
          description="As it stands in the file."
        >
          <div className="pb-4">
            <Facts>
              {shown.cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are told apart by their place
                <Fact key={index} label={one.found?.columns[index]?.name ?? `Column ${index + 1}`}>
                  {cell || <span className="text-faint">–</span>}
                </Fact>
              ))}
            </Facts>
          </div>
        </Dialog>
      )}
    </Card>
  );
}
