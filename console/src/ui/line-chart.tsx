import { lazy, Suspense } from "react";
import { absoluteTime } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { AsTable } from "./as-table";
import { Skeleton } from "./skeleton";

export interface Series {
  label: string;
  values: readonly (number | null)[];
}

export interface LineChartProps {
  /** What is shown, in words. */
  label: string;
  /** RFC 3339, ascending. */
  times: readonly string[];
  /** Four at most: more cannot be told apart. */
  series: readonly Series[];
  height?: number;
  format?: (value: number) => string;
}

const Canvas = lazy(() => import("./line-chart-canvas"));

/** Lines over time, with the same numbers as a table. */
export function LineChart(props: LineChartProps) {
  const { zone } = useZone();
  const { label, times, series, height = 220, format = String } = props;
  return (
    <figure>
      <div aria-hidden style={{ height }}>
        <Suspense fallback={<Skeleton className="h-full w-full" />}>
          <Canvas {...props} height={height} />
        </Suspense>
      </div>
      <AsTable label={label}>
        <thead className="sticky top-0 bg-sunken text-left">
          <tr>
            <th className="px-2 py-1 font-medium">Time</th>
            {series.map((line) => (
              <th key={line.label} className="px-2 py-1 text-right font-medium">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, index) => (
            <tr key={time} className="border-t border-line">
              <td className="px-2 py-1 whitespace-nowrap tabular-nums">
                {absoluteTime(new Date(time), zone)}
              </td>
              {series.map((line) => (
                <td key={line.label} className="px-2 py-1 text-right tabular-nums">
                  {line.values[index] === null || line.values[index] === undefined
                    ? "–"
                    : format(line.values[index])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </AsTable>
    </figure>
  );
}
