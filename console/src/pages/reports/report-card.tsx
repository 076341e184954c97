import { Download } from "lucide-react";
import { useMemo } from "react";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { DataTable } from "@/ui/data-table";
import { saveFile } from "@/ui/save-file";
import { type CallsOf, columnsOf, groupingWords } from "./columns";
import { type Heading, type Row, reportCsv } from "./rows";
import type { Grouping, Sort } from "./search";

interface ReportCardProps {
  by: Grouping;
  rows: readonly Row[];
  isPending: boolean;
  heading: Heading;
  calls: CallsOf;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** The figures as a table, and as a file of just that table. */
export function ReportCard({ by, rows, isPending, heading, calls, sort, onSort }: ReportCardProps) {
  const columns = useMemo(() => columnsOf(by, calls), [by, calls]);
  return (
    <Card
      title={`By ${groupingWords[by].toLowerCase()}`}
      padded={false}
      actions={
        <Button
          size="small"
          icon={<Download />}
          disabled={rows.length === 0}
          onClick={() =>
            saveFile(
              // Without the mark at its beginning, spreadsheets take the file for another encoding.
              new Blob(["\uFEFF", reportCsv(heading, groupingWords[by], rows)], {
                type: "text/csv;charset=utf-8",
              }),
              `report-by-${by}-${heading.from.slice(0, 10)}.csv`,
            )
          }
        >
          Export CSV
        </Button>
      }
    >
      <DataTable
        label={`Calls by ${by}`}
        columns={columns}
        rows={rows}
        rowId={(row) => row.key}
        loading={isPending}
        sort={sort}
        onSort={(chosen) => onSort(chosen as Sort)}
      />
    </Card>
  );
}
