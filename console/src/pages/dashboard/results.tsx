import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { count, percent } from "@/format/number";
import { BarList } from "@/ui/bar-list";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { SkeletonLines } from "@/ui/skeleton";
import type { RangeSearch } from "@/url/range";
import { wordOf } from "@/words/words";
import { byDispositionQuery, type Scope } from "./figures";
import { shareOf } from "./previous";

interface ResultsProps {
  scope: Scope;
  search: RangeSearch & { campaign_id?: string };
}

/** What came of the calls that are over. */
export function Results({ scope, search }: ResultsProps) {
  const query = useQuery(byDispositionQuery(scope));
  const rows = query.data?.data.toSorted((one, other) => other.calls - one.calls) ?? [];
  const total = rows.reduce((sum, { calls }) => sum + calls, 0);
  return (
    <Card title="Results">
      {query.isError ? (
        <ErrorBox error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonLines lines={5} />
      ) : rows.length === 0 ? (
        <p className="text-muted">No call of this time is over yet.</p>
      ) : (
        <BarList
          caption="Calls by result"
          bars={rows.map(({ disposition, calls }) => {
            const { label, tone, icon: Icon } = wordOf("disposition", disposition);
            return {
              key: disposition,
              value: calls,
              tone: tone === "neutral" ? "accent" : tone,
              text: `${count(calls)} · ${percent(shareOf(calls, total), 0)}`,
              label: (
                <Link
                  to="/calls"
                  search={{ ...search, disposition }}
                  className="inline-flex min-h-6 items-center gap-1.5 hover:underline"
                >
                  <Icon aria-hidden className="size-3.5 text-muted" />
                  {label}
                </Link>
              ),
            };
          })}
        />
      )}
    </Card>
  );
}
