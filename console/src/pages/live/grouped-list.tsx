import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type ReactNode, useCallback, useEffect, useRef } from "react";
import { count } from "@/format/number";
import { cx } from "@/ui/cx";
import { toneText } from "@/ui/tone";
import type { Word } from "@/words/word";
import type { Line } from "./floor";
import { useIsWide } from "./use-is-wide";

const GROUP_PX = 32;
const WIDE_ROW_PX = 44;
const NARROW_ROW_PX = 76;
const OVERSCAN = 6;

interface GroupedListProps<State extends string, Row extends { id: string }> {
  label: string;
  heads: readonly string[];
  /** The columns, as the classes of a grid. */
  columns: string;
  lines: readonly Line<State, Row>[];
  /** How the state of a group is shown. */
  word: (state: State) => Word;
  /** The cells of a row. */
  children: (row: Row) => ReactNode;
}

/** Rows grouped by state, however many: only those in sight are on the page. */
export function GroupedList<State extends string, Row extends { id: string }>({
  label,
  heads,
  columns,
  lines,
  word,
  children,
}: GroupedListProps<State, Row>) {
  const box = useRef<HTMLElement>(null);
  const rowPx = useIsWide() ? WIDE_ROW_PX : NARROW_ROW_PX;
  // The same functions while the rows are the same: else every step of a scroll would measure all of them anew.
  const estimateSize = useCallback(
    (index: number) => (lines[index]?.kind === "group" ? GROUP_PX : rowPx),
    [lines, rowPx],
  );
  const getItemKey = useCallback(
    (index: number) => {
      const line = lines[index];
      return line?.kind === "row" ? line.row.id : (line?.state ?? index);
    },
    [lines],
  );
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize,
    getItemKey,
    overscan: OVERSCAN,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => virtual.measure(), [virtual, rowPx]);
  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls can be scrolled by keys
      tabIndex={0}
      className="max-h-[max(22rem,calc(100dvh-8rem))] overflow-y-auto rounded-lg border border-line bg-surface -outline-offset-2"
    >
      <table className="block text-sm" aria-rowcount={lines.length + 1}>
        <caption className="sr-only">{label}</caption>
        <thead className="sticky top-0 z-10 block max-md:sr-only">
          <tr
            className={cx(
              "grid h-8 items-center border-b border-line bg-sunken px-4 text-left text-xs text-muted",
              columns,
            )}
          >
            {heads.map((head) => (
              <th key={head} scope="col" className="font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const style = { height: item.size, transform: `translateY(${item.start}px)` };
            return line.kind === "group" ? (
              <GroupHead key={item.key} word={word(line.state)} rows={line.count} style={style} />
            ) : (
              <tr
                key={item.key}
                aria-rowindex={item.index + 2}
                style={style}
                className={cx(
                  "absolute inset-x-0 top-0 grid items-center border-b border-line px-4 contain-strict hover:bg-hover",
                  columns,
                )}
              >
                {children(line.row)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

interface GroupHeadProps {
  word: Word;
  rows: number;
  style: CSSProperties;
}

function GroupHead({ word: { label, tone, icon: Icon }, rows, style }: GroupHeadProps) {
  return (
    <tr
      style={style}
      className="absolute inset-x-0 top-0 flex items-center border-b border-line bg-sunken px-4 contain-strict"
    >
      <th scope="rowgroup" className="flex items-center gap-1.5 text-xs font-semibold">
        <Icon aria-hidden className={cx("size-3.5", toneText[tone])} />
        {label}
        <span className="font-normal text-muted tabular-nums">{count(rows)}</span>
      </th>
    </tr>
  );
}
