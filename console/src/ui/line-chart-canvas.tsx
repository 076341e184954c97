import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { ianaOf } from "@/format/time";
import { useZone } from "@/format/use-zone";
import { useTheme } from "@/theme/theme";
import type { LineChartProps } from "./line-chart";

const STROKES = ["--accent-text", "--ok", "--warn", "--bad"];
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]];

function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The drawing. Loaded when a page has one. */
export default function LineChartCanvas({ times, series, height = 220, format = String }: LineChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const { isDark } = useTheme();
  const { zone } = useZone();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the style sheet says of the colours
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const axis = {
      stroke: cssColour("--muted"),
      grid: { stroke: cssColour("--line"), width: 1 },
      ticks: { show: false },
    };
    const iana = ianaOf(zone);
    const chart = new UPlot(
      {
        width: element.clientWidth,
        height: height - 32,
        ...(iana && { tzDate: (seconds: number) => UPlot.tzDate(new Date(seconds * 1000), iana) }),
        cursor: { points: { size: 6 } },
        axes: [axis, { ...axis, size: 56, values: (_chart, values) => values.map((value) => format(value)) }],
        series: [
          {},
          ...series.map((line, index) => ({
            label: line.label,
            stroke: cssColour(STROKES[index % STROKES.length] ?? "--text"),
            // Lines differ in their dashes, too: not everybody sees the colours.
            dash: DASHES[index % DASHES.length],
            width: 1.75,
            value: (_chart: UPlot, value: number | null) => (value === null ? "–" : format(value)),
          })),
        ],
      },
      [times.map((time) => Date.parse(time) / 1000), ...series.map((line) => [...line.values])],
      element,
    );
    const watcher = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: height - 32 }),
    );
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [times, series, height, format, zone, isDark]);

  return <div ref={host} className="h-full w-full overflow-hidden text-xs" />;
}
