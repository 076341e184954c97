import {
  type ColumnDef,
  flexRender,
  getCoreRowModel,
  type OnChangeFn,
  type RowData,
  type RowSelectionState,
  type Table,
  useReactTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "./button";
import { Checkbox } from "./checkbox";
import { cx } from "./cx";
import { Skeleton } from "./skeleton";

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData extends RowData, TValue> {
    align?: "right";
    /** What the API sorts this column by; makes its head a button. */
    sort?: string;
    /** Leaves the column out on narrow screens. */
    wideOnly?: boolean;
    className?: string;
  }
}

export type { ColumnDef };

interface DataTableProps<Row> {
  /** What the rows are, for screen readers: "Campaigns". */
  label: string;
  // biome-ignore lint/suspicious/noExplicitAny: columns of one table have values of many types, and TanStack says it so
  columns: ColumnDef<Row, any>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Enter, or a click on a row. Give the first column a link, too, so that it opens in a new tab. */
  onOpen?: (row: Row) => void;
  /** The first rows are on their way. */
  loading?: boolean;
  /** Old rows are shown while the connection is gone. */
  stale?: boolean;
  /** In place of the rows when there are none: an `EmptyState`. */
  empty?: ReactNode;
  /** As the API has it: "name", "-created_at". */
  sort?: string;
  onSort?: (sort: string) => void;
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onMore?: () => void;
  /** By row id. With it, rows can be ticked. */
  selection?: RowSelectionState;
  onSelection?: OnChangeFn<RowSelectionState>;
}

const SKELETON_ROWS = ["a", "b", "c", "d", "e", "f", "g", "h"];

export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    columns,
    rows,
    rowId,
    onOpen,
    loading = false,
    stale = false,
    empty,
    selection,
    onSelection,
  } = props;
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);

  const table = useReactTable({
    data: rows as Row[],
    columns: onSelection ? [tickColumn<Row>(), ...columns] : columns,
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    ...(onSelection && { state: { rowSelection: selection ?? {} }, onRowSelectionChange: onSelection }),
  });
  const shown = table.getRowModel().rows;
  const width = table.getVisibleLeafColumns().length;

  useEffect(() => {
    if (at > 0 && at >= rows.length) setAt(Math.max(0, rows.length - 1));
  }, [at, rows.length]);

  const goTo = (index: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    setAt(target);
    body.current?.querySelector<HTMLElement>(`[data-row="${target}"]`)?.focus();
  };
  const step = (by: number) => goTo(body.current?.contains(document.activeElement) ? at + by : at);

  useShortcuts(
    [
      { keys: "j", label: "Next row", group: "Tables", run: () => step(1) },
      { keys: "k", label: "Previous row", group: "Tables", run: () => step(-1) },
    ],
    rows.length > 0,
  );

  if (!loading && rows.length === 0 && empty) return empty;

  return (
    <div className={cx("min-w-0", stale && "opacity-60")}>
      <div className="max-h-[calc(100dvh-14rem)] overflow-auto">
        <table className="w-full border-separate border-spacing-0 text-sm" aria-busy={loading}>
          <caption className="sr-only">{label}</caption>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => (
                  <HeadCell key={header.id} header={header} sort={props.sort} onSort={props.onSort} />
                ))}
              </tr>
            ))}
          </thead>
          <tbody ref={body}>
            {loading
              ? SKELETON_ROWS.map((key) => (
                  <tr key={key}>
                    <td colSpan={width} className="border-b border-line px-3 py-2.5">
                      <Skeleton className="h-4 w-full" />
                    </td>
                  </tr>
                ))
              : shown.map((row, index) => (
                  <tr
                    key={row.id}
                    data-row={index}
                    tabIndex={index === at ? 0 : -1}
                    aria-selected={onSelection ? row.getIsSelected() : undefined}
                    onFocus={() => setAt(index)}
                    onClick={(event) => {
                      // A menu that a row opened stands elsewhere on the page, and its clicks come here all the same.
                      if (!event.currentTarget.contains(event.target as Node)) return;
                      if (isOwnControl(event.target)) return;
                      onOpen?.(row.original);
                    }}
                    onKeyDown={(event) => {
                      if (event.target !== event.currentTarget) return;
                      if (event.key === "Enter") onOpen?.(row.original);
                      else if (event.key === " " && onSelection) row.toggleSelected();
                      else if (event.key === "ArrowDown") goTo(index + 1);
                      else if (event.key === "ArrowUp") goTo(index - 1);
                      else return;
                      event.preventDefault();
                    }}
                    className={cx(
                      "-outline-offset-2 hover:bg-hover focus-visible:bg-hover",
                      onOpen && "cursor-pointer",
                      row.getIsSelected() && "bg-accent-soft",
                    )}
                  >
                    {row.getVisibleCells().map((cell) => {
                      const { meta } = cell.column.columnDef;
                      return (
                        <td
                          key={cell.id}
                          className={cx(
                            "h-9 border-b border-line px-3 py-1",
                            meta?.align === "right" && "text-right tabular-nums",
                            meta?.wideOnly && "max-md:hidden",
                            meta?.className,
                          )}
                        >
                          {flexRender(cell.column.columnDef.cell, cell.getContext())}
                        </td>
                      );
                    })}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
      {props.hasMore && (
        <div className="flex justify-center border-t border-line p-2">
          <Button size="small" look="quiet" busy={props.isLoadingMore} onClick={props.onMore}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

/** Links, buttons and the like in a row have clicks of their own. */
function isOwnControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, label, [role=checkbox]") !== null;
}

type Head<Row> = ReturnType<Table<Row>["getHeaderGroups"]>[number]["headers"][number];

interface HeadCellProps<Row> {
  header: Head<Row>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

function HeadCell<Row>({ header, sort, onSort }: HeadCellProps<Row>) {
  const { meta } = header.column.columnDef;
  const by = onSort && meta?.sort;
  const order = by && sort === by ? "ascending" : by && sort === `-${by}` ? "descending" : undefined;
  const Icon = order === "ascending" ? ArrowUp : order === "descending" ? ArrowDown : ChevronsUpDown;
  const content = header.isPlaceholder
    ? null
    : flexRender(header.column.columnDef.header, header.getContext());
  return (
    <th
      scope="col"
      aria-sort={order}
      className={cx(
        "sticky top-0 z-10 h-8 border-b border-line bg-sunken px-3 text-left text-xs font-medium whitespace-nowrap text-muted",
        meta?.align === "right" && "text-right",
        meta?.wideOnly && "max-md:hidden",
      )}
    >
      {by ? (
        <button
          type="button"
          onClick={() => onSort(order === "descending" ? by : `-${by}`)}
          className="inline-flex min-h-6 items-center gap-1 hover:text-text"
        >
          {content}
          <Icon aria-hidden className={cx("size-3", !order && "opacity-50")} />
        </button>
      ) : (
        content
      )}
    </th>
  );
}

function tickColumn<Row>(): ColumnDef<Row> {
  return {
    id: "tick",
    header: ({ table }) => (
      <Checkbox
        aria-label="Select all rows shown"
        checked={table.getIsAllRowsSelected() || (table.getIsSomeRowsSelected() ? "indeterminate" : false)}
        onChange={(checked) => table.toggleAllRowsSelected(checked)}
      />
    ),
    cell: ({ row }) => (
      <Checkbox
        aria-label="Select this row"
        checked={row.getIsSelected()}
        onChange={(checked) => row.toggleSelected(checked)}
      />
    ),
    meta: { className: "w-8" },
  };
}
