import { clockDuration, wordDuration } from "@/format/duration";
import { usd } from "@/format/money";
import { count, percent } from "@/format/number";
import { definitions } from "@/pages/dashboard/definitions";
import type { Figures } from "@/pages/dashboard/figures";
import { type MetricId, metricIds } from "./metric-ids";

/** A column of a report. */
export interface Metric {
  id: MetricId;
  label: string;
  definition: string;
  text: (value: number) => string;
}

const WORDS: Record<MetricId, readonly [label: string, text: (value: number) => string]> = {
  calls: ["Calls", count],
  attempts: ["Attempts", count],
  answered: ["Answered", count],
  human: ["People", count],
  machine: ["Machines", count],
  bridged: ["Bridged", count],
  abandoned: ["Abandoned", count],
  abandon_rate: ["Abandon rate", percent],
  talk_avg_s: ["Avg. talk", wordDuration],
  wait_avg_s: ["Avg. wait", wordDuration],
  talk_s: ["Talk", clockDuration],
  cost_usd: ["Cost", usd],
};

export function metricOf(id: MetricId): Metric {
  const [label, text] = WORDS[id];
  return { id, label, definition: definitions[id], text };
}

export const metrics: readonly Metric[] = metricIds.map(metricOf);

/** The value of a metric; null where there is none. Money is a text in the API, so that nothing is lost. */
export function amountOf(figures: Figures, id: MetricId): number | null {
  const value = figures[id];
  return value === null || value === undefined ? null : Number(value);
}
