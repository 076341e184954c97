import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { wordDuration } from "@/format/duration";
import { count } from "@/format/number";
import { ErrorBox } from "@/ui/error-box";
import { StatTile } from "@/ui/stat-tile";
import type { Range } from "@/url/range";

/** What an agent's calls come to. The API has no row for agents without a call. */
export function AgentFigures({ agentId, range }: { agentId: string; range: Range }) {
  const query = useQuery({
    queryKey: [keys.stats, "by-agent", range],
    queryFn: () => data(api.GET("/api/calls/stats/by-agent", { params: { query: range } })),
  });
  if (query.isError)
    return (
      <ErrorBox error={query.error} title="The figures cannot be read" onRetry={() => void query.refetch()} />
    );
  const figures = query.data?.data.find((row) => row.agent_id === agentId);
  const shown = (value: string | undefined) => (query.isPending ? undefined : (value ?? "–"));
  const seconds = (value: number | null | undefined) => (value == null ? undefined : wordDuration(value));
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile
        label="Talked"
        value={query.isPending ? undefined : count(figures?.bridged ?? 0)}
        definition="Calls in which the agent and a lead were connected."
        link={(className) => (
          <Link to="/calls" search={{ agent_id: agentId, ...range }} className={className}>
            See calls
          </Link>
        )}
      />
      <StatTile label="Talk, all together" value={shown(seconds(figures?.talk_s))} />
      <StatTile label="Talk on average" value={shown(seconds(figures?.talk_avg_s))} />
      <StatTile
        label="Lead waited"
        value={shown(seconds(figures?.wait_avg_s))}
        definition="From the lead's answer until the agent was on the line, on average."
      />
    </div>
  );
}
