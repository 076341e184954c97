import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Megaphone, Plus } from "lucide-react";
import { api, data } from "@/api/client";
import { useGroupName } from "@/api/groups";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import { count } from "@/format/number";
import { useLive } from "@/live/hooks";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { Select } from "@/ui/select";
import { Time } from "@/ui/time";
import { Toolbar } from "@/ui/toolbar";
import { WordBadge } from "@/ui/word-badge";
import { optionsOf } from "@/words/words";
import { AbandonRate } from "./abandon-rate";
import { type Campaign, figuresByCampaignQuery } from "./campaign-data";
import { CampaignProgress } from "./campaign-progress";
import { RowMoves } from "./row-moves";
import { sortOf } from "./search";
import { useAskedMoves } from "./use-asked-moves";

const route = getRouteApi("/inside/campaigns");

export default function CampaignsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isLive = useLive((view) => view.status === "live");
  const groupName = useGroupName();
  const { data: figures } = useQuery(figuresByCampaignQuery);
  const { move, pausing, dialogs } = useAskedMoves();
  const campaigns = usePages([keys.campaigns, "list", search], (cursor) =>
    data(api.GET("/api/campaigns", { params: { query: { ...search, cursor } } })),
  );
  useShortcuts([
    {
      keys: "n",
      label: "New campaign",
      group: "This page",
      run: () => void navigate({ to: "/campaigns/new" }),
    },
  ]);

  const columns: ColumnDef<Campaign>[] = [
    {
      header: "Name",
      meta: { sort: "name" },
      cell: ({ row: { original: campaign } }) => (
        <span className="flex flex-col gap-1">
          <Link
            to="/campaigns/$campaignId"
            params={{ campaignId: campaign.id }}
            className="font-medium hover:underline"
          >
            {campaign.name}
          </Link>
          <span className="md:hidden">
            <WordBadge set="campaign" word={campaign.status} />
          </span>
        </span>
      ),
    },
    {
      header: "Status",
      meta: { wideOnly: true },
      cell: ({ row }) => <WordBadge set="campaign" word={row.original.status} />,
    },
    {
      header: "Leads",
      meta: { wideOnly: true },
      cell: ({ row }) => <CampaignProgress campaign={row.original} />,
    },
    {
      header: "Calls",
      meta: { align: "right" },
      cell: ({ row }) => count(figures?.get(row.original.id)?.calls ?? 0),
    },
    {
      header: "Connected",
      meta: { align: "right", wideOnly: true },
      cell: ({ row }) => count(figures?.get(row.original.id)?.bridged ?? 0),
    },
    {
      header: "Abandoned",
      meta: { align: "right", wideOnly: true },
      cell: ({ row }) => <AbandonRate rate={figures?.get(row.original.id)?.abandon_rate} />,
    },
    {
      header: "At once",
      meta: { align: "right", wideOnly: true },
      cell: ({ row }) => count(row.original.max_concurrent_calls),
    },
    { header: "Group", meta: { wideOnly: true }, cell: ({ row }) => groupName(row.original.group_id) ?? "–" },
    {
      header: "Created",
      meta: { sort: "created_at", wideOnly: true },
      cell: ({ row }) => <Time at={row.original.created_at} />,
    },
    {
      id: "moves",
      header: () => <span className="sr-only">What can be done</span>,
      meta: { align: "right", className: "whitespace-nowrap" },
      cell: ({ row }) => <RowMoves campaign={row.original} onMove={move} busy={pausing} />,
    },
  ];

  const newCampaign = (
    <Button asChild look="primary">
      <Link to="/campaigns/new">
        <Plus aria-hidden />
        New campaign
      </Link>
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title="Campaigns"
        description="Lists of people to call, and how they are called."
        actions={newCampaign}
      />
      <Toolbar>
        <Select
          aria-label="Status"
          value={search.status ?? "any"}
          options={[{ value: "any", label: "Any status" }, ...optionsOf("campaign")]}
          onChange={(value) =>
            navigate({ search: (was) => ({ ...was, status: value === "any" ? undefined : value }) })
          }
          className="w-40"
        />
      </Toolbar>
      {campaigns.query.isError ? (
        <ErrorBox
          error={campaigns.query.error}
          title="The campaigns cannot be read"
          onRetry={() => void campaigns.query.refetch()}
        />
      ) : (
        <Card padded={false}>
          <DataTable
            label="Campaigns"
            columns={columns}
            rows={campaigns.rows}
            rowId={(campaign) => campaign.id}
            onOpen={({ id }) => navigate({ to: "/campaigns/$campaignId", params: { campaignId: id } })}
            loading={campaigns.query.isPending}
            stale={!isLive && campaigns.query.isStale}
            sort={search.sort ?? "-created_at"}
            onSort={(sort) => navigate({ search: (was) => ({ ...was, sort: sortOf(sort) }) })}
            hasMore={campaigns.hasMore}
            isLoadingMore={campaigns.isLoadingMore}
            onMore={campaigns.loadMore}
            empty={
              search.status ? (
                <EmptyState
                  icon={Megaphone}
                  title="No campaign stands there"
                  action={
                    <Button onClick={() => navigate({ search: (was) => ({ ...was, status: undefined }) })}>
                      Show all campaigns
                    </Button>
                  }
                />
              ) : (
                <EmptyState icon={Megaphone} title="No campaigns yet" action={newCampaign}>
                  A campaign says who calls, when, and from which number. You make one, upload leads, and
                  start it.
                </EmptyState>
              )
            }
          />
        </Card>
      )}
      {dialogs}
    </Page>
  );
}
