import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus, Upload, Users } from "lucide-react";
import { useState } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { CampaignSelect } from "@/ui/campaign-select";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SearchInput } from "@/ui/search-input";
import { Select } from "@/ui/select";
import { Time } from "@/ui/time";
import { Toolbar } from "@/ui/toolbar";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import { oneOf } from "@/url/read";
import { optionsOf, wordsOf } from "@/words/words";
import { BulkBar } from "./bulk-bar";
import { CreateDialog } from "./create-dialog";
import { dispositionOf } from "./disposition";
import { nameOf } from "./name";
import { NextCall } from "./next-call";
import { sortOf } from "./search";
import { soughtOf } from "./sought";

type Lead = Schema<"Lead">;

const ANY = "any";
const route = getRouteApi("/inside/leads");

export default function LeadsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isCreating, setCreating] = useState(false);
  const [ticked, setTicked] = useState<Record<string, boolean>>({});
  const { data: campaigns } = useQuery(campaignNamesQuery);
  const leads = usePages([keys.leads, "list", search], (cursor) =>
    data(api.GET("/api/leads", { params: { query: { ...search, cursor } } })),
  );
  const toUpload = { to: "/imports/new", search: { campaign_id: search.campaign_id } } as const;
  useShortcuts([
    { keys: "n", label: "Add a lead", group: "This page", run: () => setCreating(true) },
    { keys: "u", label: "Upload leads", group: "This page", run: () => void navigate(toUpload) },
  ]);

  const columns: ColumnDef<Lead>[] = [
    {
      header: "Name",
      cell: ({ row: { original } }) => (
        <Link
          to="/leads/$leadId"
          params={{ leadId: original.id }}
          className="font-medium break-words hover:underline"
        >
          {nameOf(original)}
        </Link>
      ),
    },
    { header: "Number", cell: ({ row }) => <PhoneNumber phone={row.original.phone} /> },
    { header: "Status", cell: ({ row }) => <WordBadge set="lead" word={row.original.status} /> },
    {
      header: "Priority",
      meta: { wideOnly: true },
      cell: ({ row }) => <WordBadge set="priority" word={row.original.priority} />,
    },
    {
      header: "Attempts",
      meta: { align: "right", wideOnly: true },
      cell: ({ row: { original } }) => {
        const most = campaigns?.find(({ id }) => id === original.campaign_id)?.cadence.max_attempts;
        return most ? `${original.attempts} of ${most}` : original.attempts;
      },
    },
    {
      header: "Next call",
      meta: { wideOnly: true },
      cell: ({ row: { original } }) => <NextCall at={original.next_call_at} zones={original.time_zones} />,
    },
    {
      header: "Last result",
      meta: { wideOnly: true },
      cell: ({ row }) => {
        const word = dispositionOf(row.original);
        return word ? <WordBadge set="disposition" word={word} /> : <span className="text-faint">–</span>;
      },
    },
    ...(search.campaign_id
      ? []
      : [
          {
            header: "Campaign",
            meta: { wideOnly: true },
            cell: ({ row: { original } }) => campaigns?.find(({ id }) => id === original.campaign_id)?.name,
          } satisfies ColumnDef<Lead>,
        ]),
    {
      header: "Added",
      meta: { sort: "created_at", wideOnly: true },
      cell: ({ row }) => <Time at={row.original.created_at} />,
    },
  ];

  const isFiltered = Boolean(search.campaign_id || search.status || search.phone || search.search);
  const badPhone = fieldError(leads.query.error, "phone");
  const uploadButton = (
    <Button asChild look="primary">
      <Link {...toUpload}>
        <Upload aria-hidden />
        Upload leads
      </Link>
    </Button>
  );
  const chosen = leads.rows.filter(({ id }) => ticked[id]);

  return (
    <Page>
      <PageHeader
        title="Leads"
        description="The people to call, and how far it has come with each."
        actions={
          <>
            <Button icon={<Plus />} onClick={() => setCreating(true)}>
              Add a lead
            </Button>
            {uploadButton}
          </>
        }
      />
      <Toolbar>
        <SearchInput
          label="Search leads"
          placeholder="Name, email or +1 212 555 0142"
          value={search.phone ?? search.search ?? ""}
          onSearch={(text) =>
            navigate({
              search: (was) => ({ ...was, phone: undefined, search: undefined, ...soughtOf(text) }),
              replace: true,
            })
          }
          className="w-full sm:w-72"
        />
        <CampaignSelect
          value={search.campaign_id}
          onChange={(campaign_id) => navigate({ search: (was) => ({ ...was, campaign_id }) })}
        />
        <Select
          aria-label="Status"
          value={search.status ?? ANY}
          options={[{ value: ANY, label: "Any status" }, ...optionsOf("lead")]}
          onChange={(status) =>
            navigate({ search: (was) => ({ ...was, status: oneOf(status, wordsOf("lead")) }) })
          }
          className="w-36"
        />
      </Toolbar>
      {chosen.length > 0 && <BulkBar leads={chosen} onDone={() => setTicked({})} />}
      {badPhone ? (
        <EmptyState icon={Users} title="That is no whole number">
          Type all of its digits, with a plus and the country code, or words of a name.
        </EmptyState>
      ) : leads.query.isError ? (
        <ErrorBox error={leads.query.error} onRetry={() => void leads.query.refetch()} />
      ) : (
        <Card padded={false}>
          <DataTable
            label="Leads"
            columns={columns}
            rows={leads.rows}
            rowId={({ id }) => id}
            loading={leads.query.isPending}
            onOpen={({ id }) => void navigate({ to: "/leads/$leadId", params: { leadId: id } })}
            sort={search.sort ?? "-created_at"}
            onSort={(sort) => navigate({ search: (was) => ({ ...was, sort: sortOf(sort) }) })}
            selection={ticked}
            onSelection={setTicked}
            hasMore={leads.hasMore}
            isLoadingMore={leads.isLoadingMore}
            onMore={leads.loadMore}
            empty={
              isFiltered ? (
                <EmptyState
                  icon={Users}
                  title="No lead is like this"
                  action={<Button onClick={() => navigate({ search: {} })}>Show all leads</Button>}
                >
                  Names and addresses are searched by whole words, numbers by all of their digits.
                </EmptyState>
              ) : (
                <EmptyState icon={Users} title="There are no leads yet" action={uploadButton}>
                  Upload a CSV file of people to call, or add them one by one.
                </EmptyState>
              )
            }
          />
        </Card>
      )}
      {isCreating && <CreateDialog campaignId={search.campaign_id} onClose={() => setCreating(false)} />}
    </Page>
  );
}
