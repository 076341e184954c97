import { BarList } from "@/ui/bar-list";
import { Card } from "@/ui/card";
import { ColumnChart } from "@/ui/column-chart";
import { Select } from "@/ui/select";
import type { MetricId } from "./metric-ids";
import { amountOf, type Metric, metrics } from "./metrics";
import type { Row } from "./rows";
import { sorted } from "./rows";
import type { Grouping } from "./search";

/** More bars than that are what the table is for. */
const SHOWN = 12;

interface ChartProps {
  by: Grouping;
  rows: readonly Row[];
  metric: Metric;
  onMetric: (metric: MetricId) => void;
}

/** One metric of the report to be seen at a glance. */
export function Chart({ by, rows, metric, onMetric }: ChartProps) {
  const all = sorted(rows, by, by === "hour" ? "label" : `-${metric.id}`);
  const isCounted = by === "hour" && metric.id === "calls";
  return (
    <Card
      title="Chart"
      actions={
        <Select
          aria-label="What the chart shows"
          value={metric.id}
          options={metrics.map(({ id, label }) => ({ value: id, label }))}
          onChange={onMetric}
          className="w-40"
        />
      }
    >
      {isCounted ? (
        <ColumnChart
          label="Calls and answered calls by hour of the day"
          wholeLabel="Calls"
          partLabel="Answered"
          labelEvery={3}
          columns={all.map(({ key, label, figures }) => ({
            key,
            label,
            whole: figures.calls,
            part: figures.answered,
          }))}
        />
      ) : (
        <>
          <BarList
            caption={`${metric.label} by ${by}`}
            bars={all.slice(0, by === "hour" ? all.length : SHOWN).map(({ key, label, figures }) => {
              const value = amountOf(figures, metric.id);
              return { key, label, value: value ?? 0, text: value === null ? "–" : metric.text(value) };
            })}
            most={Math.max(...all.map(({ figures }) => amountOf(figures, metric.id) ?? 0)) || 1}
          />
          {by !== "hour" && all.length > SHOWN && (
            <p className="mt-2 text-xs text-muted">The first {SHOWN}; all of them are in the table.</p>
          )}
        </>
      )}
    </Card>
  );
}
