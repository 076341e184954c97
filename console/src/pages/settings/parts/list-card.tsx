import type { ReactNode } from "react";
import type { Pages } from "@/api/pages";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { ErrorBox } from "@/ui/error-box";

interface ListCardProps<Row> {
  title: string;
  actions?: ReactNode;
  pages: Pages<Row>;
  // biome-ignore lint/suspicious/noExplicitAny: as the table has it
  columns: ColumnDef<Row, any>[];
  rowId: (row: Row) => string;
  onOpen?: (row: Row) => void;
  empty: ReactNode;
}

/** A list of settings in its card, however it stands. */
export function ListCard<Row>(props: ListCardProps<Row>) {
  const { title, actions, pages, columns, rowId, onOpen, empty } = props;
  return (
    <Card title={title} padded={false} actions={actions}>
      {pages.query.isError ? (
        <div className="p-4">
          <ErrorBox error={pages.query.error} onRetry={() => void pages.query.refetch()} />
        </div>
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={pages.rows}
          rowId={rowId}
          onOpen={onOpen}
          loading={pages.query.isPending}
          hasMore={pages.hasMore}
          isLoadingMore={pages.isLoadingMore}
          onMore={pages.loadMore}
          empty={empty}
        />
      )}
    </Card>
  );
}
