import type { ReactNode } from "react";
import { count as countText } from "@/format/number";
import { cx } from "./cx";
import { type Tone, toneFill } from "./tone";

export interface Bar {
  key: string;
  label: ReactNode;
  value: number;
  tone?: Tone;
  /** In place of the plain number. */
  text?: string;
}

interface BarListProps {
  /** What is counted: the caption for screen readers. */
  caption: string;
  bars: readonly Bar[];
  /** What the longest bar stands for; else the largest value. */
  most?: number;
}

/** Bars to compare. Underneath it is a table, and read out as one. */
export function BarList({ caption, bars, most }: BarListProps) {
  const full = most ?? Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <table className="w-full border-separate border-spacing-y-1.5">
      <caption className="sr-only">{caption}</caption>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row" className="w-px pr-3 text-left font-normal whitespace-nowrap">
              {bar.label}
            </th>
            <td>
              <div aria-hidden className="h-2 rounded-full bg-sunken">
                <div
                  className={cx("h-full rounded-full", toneFill[bar.tone ?? "accent"])}
                  style={{ width: `${Math.min(100, (bar.value / full) * 100)}%` }}
                />
              </div>
            </td>
            <td className="w-px pl-3 text-right whitespace-nowrap tabular-nums">
              {bar.text ?? countText(bar.value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
