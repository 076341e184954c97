import type { Schema } from "@/api/types";
import type { Figures } from "@/pages/dashboard/figures";
import { hourText } from "@/pages/dashboard/hour-text";
import { wordOf } from "@/words/words";
import { csvText } from "./csv";
import type { MetricId } from "./metric-ids";
import { amountOf, metrics } from "./metrics";
import type { Grouping, Sort } from "./search";

/** One line of a report. */
export interface Row {
  /** An id, a word or an hour; empty for the line of all. */
  key: string;
  label: string;
  figures: Figures;
  /** Of the period before, if it is compared with. */
  before?: Figures;
}

type Answered =
  | Schema<"CampaignFigures">
  | Schema<"AgentFigures">
  | Schema<"DispositionFigures">
  | Schema<"HourFigures">;

/** What a line of an answer is about. */
function keyOf(figures: Answered): string {
  if ("campaign_id" in figures) return figures.campaign_id;
  if ("agent_id" in figures) return figures.agent_id;
  if ("disposition" in figures) return figures.disposition;
  return String(figures.hour);
}

/** A name for a key. */
function labelOf(by: Grouping, key: string, names: ReadonlyMap<string, string>): string {
  switch (by) {
    case "hour":
      return hourText(Number(key));
    case "disposition":
      return wordOf("disposition", key as Schema<"DispositionWord">).label;
    case "campaign":
    case "agent":
      return names.get(key) ?? key;
  }
}

const NOTHING: Figures = {
  calls: 0,
  open: 0,
  attempts: 0,
  answered: 0,
  human: 0,
  machine: 0,
  bridged: 0,
  abandoned: 0,
  abandon_rate: null,
  talk_s: 0,
  talk_avg_s: null,
  wait_avg_s: null,
  cost_usd: "0",
};

/** The lines of a report. What was there only before is there, too: that it is gone is worth knowing. */
export function rowsOf(
  by: Grouping,
  now: readonly Answered[],
  before: readonly Answered[] | undefined,
  names: ReadonlyMap<string, string>,
): Row[] {
  const nowByKey = new Map(now.map((figures) => [keyOf(figures), figures]));
  const beforeByKey = before && new Map(before.map((figures) => [keyOf(figures), figures]));
  const all = new Set([...nowByKey.keys(), ...(beforeByKey?.keys() ?? [])]);
  return [...all].map((key) => ({
    key,
    label: labelOf(by, key, names),
    figures: nowByKey.get(key) ?? NOTHING,
    before: beforeByKey && (beforeByKey.get(key) ?? NOTHING),
  }));
}

/** The lines in order. Those without a value come last, either way. */
export function sorted(rows: readonly Row[], by: Grouping, sort: Sort): Row[] {
  const isDown = sort.startsWith("-");
  const id = sort.replace("-", "") as MetricId | "label";
  const direction = isDown ? -1 : 1;
  return rows.toSorted((one, other) => {
    if (id === "label") {
      const order =
        by === "hour" ? Number(one.key) - Number(other.key) : one.label.localeCompare(other.label, "en");
      return direction * order;
    }
    const [a, b] = [amountOf(one.figures, id), amountOf(other.figures, id)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return direction * (a - b);
  });
}

/** What a file says of itself before its table. */
export interface Heading {
  by: string;
  campaign: string;
  from: string;
  to: string;
  before?: { from: string; to: string };
  timeZone: string;
}

/** The report as a file: what it is of, then exactly the lines that are shown, in their order. */
export function reportCsv(heading: Heading, first: string, rows: readonly Row[]): string {
  const hasBefore = rows.some((row) => row.before !== undefined);
  return csvText([
    ["Report", `Calls by ${heading.by}`],
    ["Campaign", heading.campaign],
    ["From", heading.from],
    ["To", heading.to],
    ...(heading.before ? [["Compared with", heading.before.from, heading.before.to]] : []),
    ["Time zone", heading.timeZone],
    [],
    [first, ...metrics.flatMap(({ id }) => (hasBefore ? [id, `${id}_before`] : [id]))],
    ...rows.map((row) => [
      row.label,
      ...metrics.flatMap(({ id }) => {
        const value = amountOf(row.figures, id);
        return hasBefore ? [value, row.before && amountOf(row.before, id)] : [value];
      }),
    ]),
  ]);
}
