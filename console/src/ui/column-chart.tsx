import { count } from "@/format/number";
import { AsTable } from "./as-table";
import { Tooltip } from "./tooltip";

export interface Column {
  key: string;
  /** Under the column, if there is room, and at the head of its row in the table. */
  label: string;
  whole: number;
  /** The part of it that is marked. */
  part: number;
}

interface ColumnChartProps {
  /** What is shown, in words. */
  label: string;
  wholeLabel: string;
  partLabel: string;
  columns: readonly Column[];
  /** Labels under every so many columns; else they run into each other. */
  labelEvery?: number;
}

/** Columns side by side, a part of each marked, with the same numbers as a table. */
export function ColumnChart({ label, wholeLabel, partLabel, columns, labelEvery = 1 }: ColumnChartProps) {
  const most = Math.max(1, ...columns.map((column) => column.whole));
  return (
    <figure>
      <figcaption className="mb-2 flex flex-wrap gap-4 text-xs text-muted">
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-xs border border-control bg-hover" />
          {wholeLabel}
        </span>
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-xs bg-accent" />
          {partLabel}
        </span>
        <span className="ml-auto tabular-nums">Highest: {count(most)}</span>
      </figcaption>
      <div aria-hidden className="flex h-40 items-end gap-0.5 border-b border-line">
        {columns.map((column) => (
          <Tooltip
            key={column.key}
            text={`${column.label}: ${count(column.whole)} ${wholeLabel.toLowerCase()}, ${count(column.part)} ${partLabel.toLowerCase()}`}
          >
            <div className="group flex h-full min-w-0 flex-1 items-end hover:bg-hover">
              <div
                className="flex w-full items-end overflow-hidden rounded-t-xs border border-b-0 border-control bg-hover"
                style={{ height: `${(column.whole / most) * 100}%` }}
              >
                <div
                  className="w-full bg-accent"
                  style={{ height: column.whole === 0 ? 0 : `${(column.part / column.whole) * 100}%` }}
                />
              </div>
            </div>
          </Tooltip>
        ))}
      </div>
      <div aria-hidden className="flex gap-0.5 pt-1 text-xs text-muted tabular-nums">
        {columns.map((column, index) => (
          <span key={column.key} className="flex min-w-0 flex-1 justify-center overflow-visible">
            {index % labelEvery === 0 && <span className="whitespace-nowrap">{column.label}</span>}
          </span>
        ))}
      </div>
      <AsTable label={label}>
        <thead className="sticky top-0 bg-sunken">
          <tr>
            <th className="px-2 py-1 text-left font-medium">Hour</th>
            <th className="px-2 py-1 text-right font-medium">{wholeLabel}</th>
            <th className="px-2 py-1 text-right font-medium">{partLabel}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.key} className="border-t border-line">
              <th scope="row" className="px-2 py-1 text-left font-normal">
                {column.label}
              </th>
              <td className="px-2 py-1 text-right tabular-nums">{count(column.whole)}</td>
              <td className="px-2 py-1 text-right tabular-nums">{count(column.part)}</td>
            </tr>
          ))}
        </tbody>
      </AsTable>
    </figure>
  );
}
