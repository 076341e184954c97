import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChartColumn } from "lucide-react";
import { Fragment, useMemo } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { useNow } from "@/live/use-now";
import type { Scope } from "@/pages/dashboard/figures";
import { tenantQuery } from "@/pages/dashboard/limits";
import { previousOf } from "@/pages/dashboard/previous";
import { zoneNames } from "@/places/time-zones";
import { Button } from "@/ui/button";
import { CampaignSelect } from "@/ui/campaign-select";
import { Combobox } from "@/ui/combobox";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { RangeSelect } from "@/ui/range-select";
import { Select } from "@/ui/select";
import { Switch } from "@/ui/switch";
import { Toolbar } from "@/ui/toolbar";
import { useRange } from "@/url/use-range";
import { Chart } from "./chart";
import { groupingWords } from "./columns";
import { metricOf, metrics } from "./metrics";
import { ReportCard } from "./report-card";
import { sorted } from "./rows";
import type { Grouping, ReportsSearch } from "./search";
import { sheetTime } from "./sheet-time";
import { useReport } from "./use-report";

const route = getRouteApi("/inside/reports");
const OTHERWISE = "7d";
const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;

export default function ReportsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: tenant } = useQuery(tenantQuery);
  const { data: campaigns } = useQuery(campaignNamesQuery);

  const { by = "campaign", campaign_id, compare = false } = search;
  // The organisation's days, unless somebody asks for others.
  const timeZone = search.time_zone ?? tenant?.time_zone ?? "UTC";
  const range = useRange(search, OTHERWISE, timeZone);
  const now = useNow(EVERY_MS);
  const minute = now - (now % MINUTE_MS);
  const scope = useMemo<Scope>(() => ({ ...range, campaign_id }), [range, campaign_id]);
  const previous = useMemo(() => previousOf(range, minute), [range, minute]);
  const before = compare && previous ? { ...previous, campaign_id } : undefined;
  const report = useReport({ by, scope, before, timeZone });

  const sort = search.sort ?? (by === "hour" ? "label" : "-calls");
  const rows = sorted(report.rows, by, sort);
  const shown = report.total && rows.length > 0 ? [...rows, report.total] : rows;
  const isEmpty =
    !report.isPending && rows.every(({ figures, before: was }) => figures.calls + (was?.calls ?? 0) === 0);

  const change = (part: Partial<ReportsSearch>) =>
    void navigate({ search: (was) => ({ ...was, ...part }), replace: true });
  const calls = useMemo(
    () => ({ campaign_id, ...(range.from || range.to ? range : { range: "all" as const }) }),
    [campaign_id, range],
  );
  const period = (of: { from?: string; to?: string }) => ({
    from: of.from ? sheetTime(of.from, timeZone) : "the beginning",
    to: sheetTime(of.to ?? new Date(minute).toISOString(), timeZone),
  });
  const heading = {
    by: groupingWords[by].toLowerCase(),
    campaign: campaigns?.find(({ id }) => id === campaign_id)?.name ?? campaign_id ?? "All campaigns",
    ...period(range),
    before: before && period(before),
    timeZone,
  };

  return (
    <Page>
      <PageHeader
        title="Reports"
        description={`${heading.from} to ${heading.to}, ${timeZone}${heading.before ? `; compared with ${heading.before.from} to ${heading.before.to}` : ""}`}
      />
      <Toolbar
        end={
          <Switch
            checked={compare && previous !== undefined}
            disabled={previous === undefined}
            onChange={(checked) => change({ compare: checked || undefined })}
            label="Compare with the period before"
          />
        }
      >
        <Select<Grouping>
          aria-label="Group by"
          value={by}
          options={(Object.keys(groupingWords) as Grouping[]).map((value) => ({
            value,
            label: `By ${groupingWords[value].toLowerCase()}`,
          }))}
          onChange={(value) => change({ by: value, sort: undefined })}
          className="w-36"
        />
        <RangeSelect search={search} otherwise={OTHERWISE} zone={timeZone} onChange={change} />
        <CampaignSelect value={campaign_id} onChange={(chosen) => change({ campaign_id: chosen })} />
        <Combobox
          aria-label="Time zone"
          value={timeZone}
          options={zoneNames([timeZone, tenant?.time_zone]).map((value) => ({
            value,
            label: value.replaceAll("_", " "),
          }))}
          onChange={(chosen) => change({ time_zone: chosen })}
          className="w-48"
        />
      </Toolbar>
      {report.error ? (
        <ErrorBox error={report.error} onRetry={report.retry} />
      ) : isEmpty ? (
        <EmptyState
          icon={ChartColumn}
          title="No calls in this time"
          action={
            search.range === "all" ? (
              <Button asChild look="primary">
                <Link to="/campaigns">Go to the campaigns</Link>
              </Button>
            ) : (
              <Button onClick={() => change({ range: "all", from: undefined, to: undefined })}>
                Report on any time
              </Button>
            )
          }
        >
          {by === "agent"
            ? "By agent, only calls count in which lead and agent were connected."
            : "Choose another time or campaign."}
        </EmptyState>
      ) : (
        <>
          <ReportCard
            by={by}
            rows={shown}
            isPending={report.isPending}
            heading={heading}
            calls={calls}
            sort={sort}
            onSort={(chosen) => change({ sort: chosen })}
          />
          {by === "agent" && (
            <p className="text-xs text-muted">Only calls in which lead and agent were connected.</p>
          )}
          <Definitions />
          {!report.isPending && (
            <Chart
              by={by}
              rows={rows}
              metric={metricOf(search.metric ?? "calls")}
              onMetric={(metric) => change({ metric: metric === "calls" ? undefined : metric })}
            />
          )}
        </>
      )}
    </Page>
  );
}

/** The same as over the heads of the columns, for those who cannot hover. */
function Definitions() {
  return (
    <details className="text-xs">
      <summary className="inline-flex min-h-6 cursor-pointer items-center text-muted">
        What the columns mean
      </summary>
      <dl className="mt-1 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
        {metrics.map(({ id, label, definition }) => (
          <Fragment key={id}>
            <dt className="font-medium">{label}</dt>
            <dd className="text-muted">{definition}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}
