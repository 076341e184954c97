import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useGroupName } from "@/api/groups";
import { useMay } from "@/auth/me";
import { HoursText } from "@/hours/hours-text";
import { serverNow } from "@/live/browser";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { ErrorBox } from "@/ui/error-box";
import { Fact, Facts } from "@/ui/facts";
import { IconButton } from "@/ui/icon-button";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { RangeSelect } from "@/ui/range-select";
import { SkeletonLines } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { PhoneNumber } from "@/ui/values";
import { rangeOf } from "@/url/range";
import { type Agent, agentQuery } from "./agent-data";
import { EditAgentDialog } from "./agent-dialog";
import { AgentDoing } from "./agent-doing";
import { AgentFigures } from "./agent-figures";
import { DeleteAgent } from "./delete-agent";
import { PresenceMenu } from "./presence-menu";
import { RecentCalls } from "./recent-calls";
import { usePresence } from "./use-presence";
import { usersQuery } from "./users";

const route = getRouteApi("/inside/agents/$agentId");
const crumbs = [{ label: "Agents", to: "/agents" }] as const;

export default function AgentPage() {
  const { agentId } = route.useParams();
  const query = useQuery(agentQuery(agentId));
  if (query.data) return <Shown agent={query.data.data} />;
  return (
    <Page>
      <PageHeader title="Agent" crumbs={crumbs} />
      {query.isError ? (
        <ErrorBox error={query.error} title="The agent cannot be read" onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonLines />
      )}
    </Page>
  );
}

function Shown({ agent }: { agent: Agent }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const presence = usePresence();
  const [asked, setAsked] = useState<"edit" | "delete" | null>(null);
  const close = () => setAsked(null);
  const range = useMemo(() => rangeOf(search, new Date(serverNow()), "7d"), [search]);
  return (
    <Page>
      <PageHeader
        title={agent.name}
        crumbs={crumbs}
        badges={<AgentDoing agent={agent} />}
        actions={
          !agent.archived_at && (
            <>
              <IconButton
                label={`Delete ${agent.name}`}
                icon={<Trash2 aria-hidden />}
                onClick={() => setAsked("delete")}
              />
              <Button icon={<Pencil aria-hidden />} onClick={() => setAsked("edit")}>
                Edit
              </Button>
              <PresenceMenu agent={agent} onSet={presence.set} busy={presence.busy} size="normal" />
            </>
          )
        }
      />
      {agent.archived_at && (
        <Callout title="This agent was deleted">
          It takes no calls any more; the record of those it took is kept.
        </Callout>
      )}
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-base font-semibold">Figures</h2>
        <RangeSelect
          search={search}
          otherwise="7d"
          onChange={(chosen) => navigate({ search: (was) => ({ ...was, ...chosen }) })}
        />
      </div>
      <AgentFigures agentId={agent.id} range={range} />
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_22rem]">
        <Card
          title="Latest calls"
          padded={false}
          actions={
            <Button asChild size="small">
              <Link to="/calls" search={{ agent_id: agent.id, ...search }}>
                All calls
              </Link>
            </Button>
          }
        >
          <RecentCalls
            filter={{ agent_id: agent.id, ...range }}
            other="campaign"
            empty="Calls appear here once the agent talked with a lead, in the time that is chosen above."
          />
        </Card>
        <FactsCard agent={agent} />
      </div>
      {asked === "edit" && <EditAgentDialog agent={agent} onClose={close} />}
      {asked === "delete" && (
        <DeleteAgent agent={agent} onClose={close} onDeleted={() => void navigate({ to: "/agents" })} />
      )}
      {presence.dialog}
    </Page>
  );
}

function FactsCard({ agent }: { agent: Agent }) {
  const groupName = useGroupName();
  const maySeeUsers = useMay("tenant_admin");
  const { data: users } = useQuery({ ...usersQuery, enabled: maySeeUsers });
  const user = users?.find(({ id }) => id === agent.user_id);
  return (
    <Card title="Facts">
      <Facts>
        <Fact label="Takes calls">{agent.reach === "browser" ? "In the browser" : "On the phone"}</Fact>
        <Fact label="Phone">
          <PhoneNumber phone={agent.phone} />
        </Fact>
        <Fact label="Groups">
          {agent.group_ids.length === 0 ? (
            <span className="text-warn">None: no calls ring</span>
          ) : (
            <span className="flex flex-wrap gap-x-2">
              {agent.group_ids.map((id) => (
                <Link key={id} to="/agents" search={{ group_id: id }} className="underline">
                  {groupName(id) ?? "…"}
                </Link>
              ))}
            </span>
          )}
        </Fact>
        <Fact label="Calls at once">{agent.max_concurrent_calls}</Fact>
        <Fact label="Working hours">
          {agent.working_hours ? <HoursText terms={agent.working_hours} /> : "Always"}
        </Fact>
        <Fact label="Login">{agent.user_id ? (user?.email ?? <CopyId id={agent.user_id} />) : "None"}</Fact>
        <Fact label="Created">
          <Time at={agent.created_at} />
        </Fact>
        <Fact label="Id">
          <CopyId id={agent.id} />
        </Fact>
      </Facts>
    </Card>
  );
}
