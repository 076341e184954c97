import { getRouteApi, Link } from "@tanstack/react-router";
import { Phone, SearchX } from "lucide-react";
import { useMemo } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import { useLive } from "@/live/hooks";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { useRange } from "@/url/use-range";
import { callColumns } from "./columns";
import { ExportButton } from "./export-button";
import { Filters } from "./filters";
import { type CallsSearch, filterOf, presetOf } from "./search";

const route = getRouteApi("/inside/calls");
const NEWEST = "-opened_at";

export default function CallsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // Before it was live there was nothing to go stale.
  const isStale = useLive(({ status, lastHeardAt }) => lastHeardAt !== null && status !== "live");
  const range = useRange(search, presetOf(search));
  const filter = useMemo(() => filterOf(search, range), [search, range]);
  const { sort = NEWEST } = search;
  const calls = usePages([keys.calls, "list", filter, sort], (cursor) =>
    data(api.GET("/api/calls", { params: { query: { ...filter, sort, cursor } } })),
  );

  const change = (part: Partial<CallsSearch>) =>
    void navigate({ search: (was) => ({ ...was, ...part }), replace: true });
  const clear = () => void navigate({ search: (was) => ({ sort: was.sort }) });

  return (
    <Page>
      <PageHeader title="Calls" />
      <Filters
        search={search}
        otherwise={presetOf(search)}
        onChange={change}
        onClear={clear}
        end={<ExportButton filter={filter} />}
      />
      {calls.query.isError ? (
        <ErrorBox error={calls.query.error} onRetry={() => void calls.query.refetch()} />
      ) : (
        <Card padded={false}>
          <DataTable
            label="Calls"
            columns={callColumns}
            rows={calls.rows}
            rowId={(call) => call.id}
            loading={calls.query.isPending}
            stale={isStale}
            sort={sort}
            onSort={(by) => change({ sort: by === NEWEST ? undefined : "opened_at" })}
            onOpen={(call) => void navigate({ to: "/calls/$callId", params: { callId: call.id } })}
            hasMore={calls.hasMore}
            isLoadingMore={calls.isLoadingMore}
            onMore={calls.loadMore}
            empty={<NoCalls search={search} onClear={clear} onAnyTime={() => change(ANY_TIME)} />}
          />
        </Card>
      )}
    </Page>
  );
}

const ANY_TIME = { range: "all", from: undefined, to: undefined } as const;

interface NoCallsProps {
  search: CallsSearch;
  onClear: () => void;
  onAnyTime: () => void;
}

function NoCalls({ search, onClear, onAnyTime }: NoCallsProps) {
  const { sort: _sort, range, ...narrowing } = search;
  if (Object.values(narrowing).some((value) => value !== undefined)) {
    return (
      <EmptyState
        icon={SearchX}
        title="No such calls"
        action={<Button onClick={onClear}>Clear filters</Button>}
      >
        Nothing fits all of these filters. Take some away.
      </EmptyState>
    );
  }
  if (range !== "all") {
    return (
      <EmptyState
        icon={Phone}
        title="No calls in this time"
        action={<Button onClick={onAnyTime}>Show calls of any time</Button>}
      >
        Calls appear here as soon as an active campaign makes them.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Phone}
      title="No calls yet"
      action={
        <Button asChild look="primary">
          <Link to="/campaigns">Go to the campaigns</Link>
        </Button>
      }
    >
      Start a campaign, and its calls appear here.
    </EmptyState>
  );
}
