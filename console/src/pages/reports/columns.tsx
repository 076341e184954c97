import { Link } from "@tanstack/react-router";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { abandonStanding, abandonWords } from "@/format/abandon";
import { changeOf, changeText } from "@/pages/dashboard/previous";
import { cx } from "@/ui/cx";
import type { ColumnDef } from "@/ui/data-table";
import { toneText } from "@/ui/tone";
import { Tooltip } from "@/ui/tooltip";
import type { RangeSearch } from "@/url/range";
import type { MetricId } from "./metric-ids";
import { amountOf, type Metric, metrics } from "./metrics";
import type { Row } from "./rows";
import type { Grouping } from "./search";

export const groupingWords: Record<Grouping, string> = {
  campaign: "Campaign",
  agent: "Agent",
  disposition: "Result",
  hour: "Hour",
};

/** On a telephone there is room for what matters most. */
const NARROW: readonly MetricId[] = ["calls", "bridged", "abandon_rate"];

/** Of which calls the report is, to be handed on to their list. */
export type CallsOf = RangeSearch & { campaign_id?: string };

export function columnsOf(by: Grouping, calls: CallsOf): ColumnDef<Row>[] {
  return [
    {
      id: "label",
      header: groupingWords[by],
      meta: { sort: "label", className: "sticky left-0 bg-surface" },
      cell: ({ row }) => <Label by={by} row={row.original} calls={calls} />,
    },
    ...metrics.map(
      (metric): ColumnDef<Row> => ({
        id: metric.id,
        header: () => <Head metric={metric} />,
        meta: { align: "right", sort: metric.id, wideOnly: !NARROW.includes(metric.id) },
        cell: ({ row }) => (
          <Value
            metric={metric}
            row={row.original}
            // All of the abandoned calls are abandoned: nothing to warn of.
            isJudged={metric.id === "abandon_rate" && (by !== "disposition" || row.original.key === "")}
          />
        ),
      }),
    ),
  ];
}

function Head({ metric }: { metric: Metric }) {
  return (
    <Tooltip text={metric.definition}>
      <span className="underline decoration-dotted underline-offset-3">{metric.label}</span>
    </Tooltip>
  );
}

function Label({ by, row, calls }: { by: Grouping; row: Row; calls: CallsOf }) {
  if (row.key === "") return <span className="font-semibold whitespace-nowrap">{row.label}</span>;
  const className = "inline-flex min-h-6 items-center whitespace-nowrap hover:underline";
  switch (by) {
    case "campaign":
      return (
        <Link to="/calls" search={{ ...calls, campaign_id: row.key }} className={className}>
          {row.label}
        </Link>
      );
    case "agent":
      return (
        <Link to="/calls" search={{ ...calls, agent_id: row.key }} className={className}>
          {row.label}
        </Link>
      );
    case "disposition":
      return (
        <Link to="/calls" search={{ ...calls, disposition: row.key as "answered" }} className={className}>
          {row.label}
        </Link>
      );
    case "hour":
      return row.label;
  }
}

interface ValueProps {
  metric: Metric;
  row: Row;
  /** Whether it is held against the limit. */
  isJudged: boolean;
}

function Value({ metric: { id, text }, row, isJudged }: ValueProps) {
  const value = amountOf(row.figures, id);
  return (
    <span className="flex flex-col items-end whitespace-nowrap">
      <span className={cx("flex items-center gap-1", row.key === "" && "font-semibold")}>
        {isJudged && <AbandonSign rate={value} />}
        {value === null ? <span className="text-faint">–</span> : text(value)}
      </span>
      {row.before && <Before now={value} before={amountOf(row.before, id)} text={text} />}
    </span>
  );
}

/** Nothing is said of what was nothing and still is. */
function Before({ now, before, text }: { now: number | null; before: number | null; text: Metric["text"] }) {
  if (!now && !before) return null;
  const change = changeOf(now, before);
  return (
    <span className="text-xs text-muted">
      <span className="sr-only">before: </span>
      {before === null ? "–" : text(before)}
      {change !== undefined && ` · ${changeText(change)}`}
    </span>
  );
}

function AbandonSign({ rate }: { rate: number | null }) {
  const standing = abandonStanding(rate);
  if (standing === "ok") return null;
  const Icon = standing === "bad" ? CircleAlert : TriangleAlert;
  return (
    <span className={toneText[standing]} title={abandonWords(rate)}>
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{abandonWords(rate)}: </span>
    </span>
  );
}
