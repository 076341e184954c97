import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Ellipsis, Pencil, Phone, Plus, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { groupsQuery, useGroupName } from "@/api/groups";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import { HoursText } from "@/hours/hours-text";
import { useLive } from "@/live/hooks";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { type ColumnDef, DataTable } from "@/ui/data-table";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/ui/dropdown-menu";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { IconButton } from "@/ui/icon-button";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SearchInput } from "@/ui/search-input";
import { Select } from "@/ui/select";
import { Toolbar } from "@/ui/toolbar";
import { PhoneNumber } from "@/ui/values";
import { optionsOf } from "@/words/words";
import type { Agent } from "./agent-data";
import { EditAgentDialog, NewAgentDialog } from "./agent-dialog";
import { AgentDoing } from "./agent-doing";
import { DeleteAgent } from "./delete-agent";
import { PresenceMenu } from "./presence-menu";
import type { AgentsSearch } from "./search";
import { usePresence } from "./use-presence";

const route = getRouteApi("/inside/agents");

type Asked = { what: "new" } | { what: "edit" | "delete"; agent: Agent };

export default function AgentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isLive = useLive((view) => view.status === "live");
  const groupName = useGroupName();
  const { data: groups = [] } = useQuery(groupsQuery);
  const presence = usePresence();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const agents = usePages([keys.agents, "list", search], (cursor) =>
    data(api.GET("/api/agents", { params: { query: { ...search, cursor } } })),
  );
  useShortcuts([{ keys: "n", label: "New agent", group: "This page", run: () => setAsked({ what: "new" }) }]);

  const filter = (part: Partial<AgentsSearch>) =>
    void navigate({ search: (was) => ({ ...was, ...part }), replace: true });
  const isFiltered = Object.values(search).some((value) => value !== undefined);

  const columns: ColumnDef<Agent>[] = [
    {
      header: "Name",
      cell: ({ row: { original: agent } }) => (
        <Link to="/agents/$agentId" params={{ agentId: agent.id }} className="font-medium hover:underline">
          {agent.name}
        </Link>
      ),
    },
    { header: "Doing", cell: ({ row }) => <AgentDoing agent={row.original} /> },
    {
      header: "Phone",
      meta: { wideOnly: true },
      cell: ({ row }) => <PhoneNumber phone={row.original.phone} />,
    },
    {
      header: "Groups",
      meta: { wideOnly: true },
      cell: ({ row }) =>
        row.original.group_ids.length === 0 ? (
          <span className="text-warn">In no group: no calls ring</span>
        ) : (
          row.original.group_ids.map((id) => groupName(id) ?? "…").join(", ")
        ),
    },
    {
      header: "At once",
      meta: { align: "right", wideOnly: true },
      cell: ({ row }) => row.original.max_concurrent_calls,
    },
    {
      header: "Working hours",
      meta: { wideOnly: true },
      cell: ({ row }) =>
        row.original.working_hours ? (
          <HoursText terms={row.original.working_hours} />
        ) : (
          <span className="text-muted">Always</span>
        ),
    },
    {
      id: "actions",
      header: () => <span className="sr-only">What can be done</span>,
      meta: { align: "right", className: "whitespace-nowrap" },
      cell: ({ row: { original: agent } }) => (
        <span className="inline-flex items-center gap-1">
          <PresenceMenu agent={agent} onSet={presence.set} busy={presence.busy} />
          <DropdownMenu
            trigger={<IconButton label={`More for ${agent.name}`} icon={<Ellipsis aria-hidden />} />}
          >
            <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setAsked({ what: "edit", agent })}>
              Edit
            </MenuItem>
            <MenuItem asChild>
              <Link to="/calls" search={{ agent_id: agent.id }}>
                <Phone aria-hidden /> Calls
              </Link>
            </MenuItem>
            <MenuSeparator />
            <MenuItem
              danger
              icon={<Trash2 aria-hidden />}
              onSelect={() => setAsked({ what: "delete", agent })}
            >
              Delete
            </MenuItem>
          </DropdownMenu>
        </span>
      ),
    },
  ];

  const newAgent = (
    <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setAsked({ what: "new" })}>
      New agent
    </Button>
  );

  return (
    <Page>
      <PageHeader title="Agents" description="Those who take the calls." actions={newAgent} />
      <Toolbar>
        <SearchInput
          label="Name begins with"
          value={search.name ?? ""}
          onSearch={(name) => filter({ name: name || undefined })}
          className="w-full sm:w-56"
        />
        <Select
          aria-label="Group"
          value={search.group_id ?? "any"}
          options={[
            { value: "any", label: "Any group" },
            ...groups.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => filter({ group_id: value === "any" ? undefined : value })}
          className="w-40"
        />
        <Select
          aria-label="Status"
          value={search.presence ?? "any"}
          options={[{ value: "any", label: "Any status" }, ...optionsOf("presence")]}
          onChange={(value) => filter({ presence: value === "any" ? undefined : value })}
          className="w-36"
        />
        <Select
          aria-label="Doing"
          value={search.state ?? "any"}
          options={[{ value: "any", label: "Doing anything" }, ...optionsOf("agentState")]}
          onChange={(value) => filter({ state: value === "any" ? undefined : value })}
          className="w-40"
        />
      </Toolbar>
      {agents.query.isError ? (
        <ErrorBox
          error={agents.query.error}
          title="The agents cannot be read"
          onRetry={() => void agents.query.refetch()}
        />
      ) : (
        <Card padded={false}>
          <DataTable
            label="Agents"
            columns={columns}
            rows={agents.rows}
            rowId={(agent) => agent.id}
            onOpen={({ id }) => void navigate({ to: "/agents/$agentId", params: { agentId: id } })}
            loading={agents.query.isPending}
            stale={!isLive && agents.query.isStale}
            hasMore={agents.hasMore}
            isLoadingMore={agents.isLoadingMore}
            onMore={agents.loadMore}
            empty={
              isFiltered ? (
                <EmptyState
                  icon={Users}
                  title="No agent is like this"
                  action={<Button onClick={() => navigate({ search: {} })}>Show all agents</Button>}
                />
              ) : (
                <EmptyState icon={Users} title="No agents yet" action={newAgent}>
                  An agent is a phone that rings when somebody picked up. Put agents into groups: campaigns
                  draw from those.
                </EmptyState>
              )
            }
          />
        </Card>
      )}
      {asked?.what === "new" && <NewAgentDialog groupId={search.group_id} onClose={close} />}
      {asked?.what === "edit" && <EditAgentDialog agent={asked.agent} onClose={close} />}
      {asked?.what === "delete" && <DeleteAgent agent={asked.agent} onClose={close} />}
      {presence.dialog}
    </Page>
  );
}
