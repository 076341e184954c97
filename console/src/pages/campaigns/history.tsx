import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History as HistoryIcon } from "lucide-react";
import { api, data } from "@/api/client";
import { useGroupName } from "@/api/groups";
import { keys } from "@/api/keys";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { SkeletonLines } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { usersQuery } from "../agents/users";
import type { Campaign } from "./campaign-data";
import { ACTIONS, deedsOf } from "./deeds";
import { ChangeList } from "./settings/change-list";

/** How far back the audit log is read: the API cannot be asked for one campaign. */
const READ = 200;

/** Who did what to a campaign. */
export function History({ campaign }: { campaign: Campaign }) {
  const groupName = useGroupName();
  const { data: users } = useQuery(usersQuery);
  const logs = useQueries({
    queries: ACTIONS.map((action) => ({
      queryKey: [keys.campaigns, "history", action],
      queryFn: () => data(api.GET("/api/audit-log", { params: { query: { action, limit: READ } } })),
    })),
  });
  const failed = logs.find((log) => log.isError);
  const lines = logs.flatMap((log) => log.data?.data ?? []);
  const deeds = deedsOf(lines, campaign, groupName);
  const nameOf = (actor: string) => users?.find((user) => user.id === actor)?.name || actor;

  return (
    <Card
      title="History"
      actions={
        <Button asChild size="small" look="quiet">
          <Link to="/settings/$section" params={{ section: "audit" }}>
            Audit log
          </Link>
        </Button>
      }
    >
      {failed ? (
        <ErrorBox error={failed.error} onRetry={() => void failed.refetch()} />
      ) : logs.some((log) => log.isPending) ? (
        <SkeletonLines />
      ) : deeds.length === 0 ? (
        <EmptyState icon={HistoryIcon} title="Nothing was changed lately">
          Starting, pausing, stopping, and every change of a setting appear here.
        </EmptyState>
      ) : (
        <ol className="flex flex-col">
          {deeds.map(({ key, at, actor, verb, changes }) => (
            <li
              key={key}
              className="flex flex-col gap-1 border-b border-line py-2.5 first:pt-0 last:border-b-0 last:pb-0"
            >
              <div className="flex flex-wrap items-baseline gap-x-2">
                <span>
                  <span className="font-medium">{nameOf(actor)}</span> {verb}
                </span>
                <span className="text-xs text-muted">
                  <Time at={at} />
                </span>
              </div>
              {changes.length > 0 && (
                <div className="border-l-2 border-line pl-3">
                  <ChangeList changes={changes} />
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
