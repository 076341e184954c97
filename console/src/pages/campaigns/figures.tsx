import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { wordDuration } from "@/format/duration";
import { usd } from "@/format/money";
import { compactCount, count, percent } from "@/format/number";
import { BarList } from "@/ui/bar-list";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { SkeletonLines } from "@/ui/skeleton";
import { StatTile } from "@/ui/stat-tile";
import { WordBadge } from "@/ui/word-badge";
import { wordOf } from "@/words/words";
import { abandonStanding } from "./abandon-rate";

/** What the campaign's calls come to. */
export function Figures({ campaignId }: { campaignId: string }) {
  const query = { campaign_id: campaignId };
  const overview = useQuery({
    queryKey: [keys.stats, "overview", query],
    queryFn: () => data(api.GET("/api/calls/stats/overview", { params: { query } })),
  });
  const { data: figures } = overview;
  if (overview.isError)
    return (
      <ErrorBox
        error={overview.error}
        title="The figures cannot be read"
        onRetry={() => void overview.refetch()}
      />
    );
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <StatTile
        label="Calls"
        value={figures && compactCount(figures.calls)}
        note={figures && `${count(figures.open)} open`}
        definition="Calls that were opened, those that are open still included."
        link={(className) => (
          <Link to="/calls" search={query} className={className}>
            See calls
          </Link>
        )}
      />
      <StatTile
        label="Connected"
        value={figures && compactCount(figures.bridged)}
        note={
          figures && figures.attempts > 0
            ? `${percent(figures.bridged / figures.attempts, 0)} of attempts`
            : undefined
        }
        definition="Calls in which lead and agent were connected."
      />
      <StatTile
        label="Abandoned"
        value={figures && percent(figures.abandon_rate)}
        target="limit 3 %"
        standing={abandonStanding(figures?.abandon_rate)}
        definition="Of the calls that a person answered, those in which no agent came in time."
      />
      <StatTile
        label="Talk on average"
        value={figures && (figures.talk_avg_s == null ? "–" : wordDuration(figures.talk_avg_s))}
        note={figures?.wait_avg_s == null ? undefined : `${wordDuration(figures.wait_avg_s)} waited`}
        definition="Of the calls in which lead and agent were connected."
      />
      <StatTile
        label="Cost"
        value={figures && usd(Number(figures.cost_usd).toFixed(2))}
        definition="An estimate, from the carrier's prices."
      />
    </div>
  );
}

/** How the campaign's calls ended. */
export function Results({ campaignId }: { campaignId: string }) {
  const query = { campaign_id: campaignId };
  const results = useQuery({
    queryKey: [keys.stats, "by-disposition", query],
    queryFn: () => data(api.GET("/api/calls/stats/by-disposition", { params: { query } })),
  });
  return (
    <Card title="How calls ended">
      {results.isError ? (
        <ErrorBox error={results.error} onRetry={() => void results.refetch()} />
      ) : results.isPending ? (
        <SkeletonLines />
      ) : results.data.data.length === 0 ? (
        <p className="text-muted">No call is over yet.</p>
      ) : (
        <BarList
          caption="Calls by how they ended"
          bars={results.data.data
            .toSorted((one, other) => other.calls - one.calls)
            .map(({ disposition, calls }) => ({
              key: disposition,
              label: (
                <Link
                  to="/calls"
                  search={{ ...query, disposition }}
                  className="inline-flex min-h-6 items-center"
                >
                  <WordBadge set="disposition" word={disposition} />
                </Link>
              ),
              value: calls,
              tone: wordOf("disposition", disposition).tone,
            }))}
        />
      )}
    </Card>
  );
}
