import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { Skeleton, SkeletonLines } from "@/ui/skeleton";
import { useRange } from "@/url/use-range";
import { overviewQuery, type Scope } from "./figures";
import { Tiles } from "./tiles";

const route = getRouteApi("/inside/");

// The numbers are what people come for; all else comes after them.
const Filters = lazy(() => import("./filters"));
const Breakdown = lazy(() => import("./breakdown"));
const FirstSteps = lazy(() => import("./first-steps"));

const OTHERWISE = "today";

export default function DashboardPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = useRange(search, OTHERWISE);
  const scope = useMemo<Scope>(
    () => ({ ...range, campaign_id: search.campaign_id }),
    [range, search.campaign_id],
  );
  // The pages behind have presets of their own: they are told which one it is.
  const handedOn = { ...search, range: search.from || search.to ? undefined : (search.range ?? OTHERWISE) };

  const campaigns = useQuery(campaignNamesQuery);
  const overview = useQuery(overviewQuery(scope));
  const isNew = campaigns.data?.every(({ started_at }) => started_at == null);

  return (
    <Page>
      <PageHeader title="Dashboard" />
      {isNew && (
        <Suspense fallback={<SkeletonCard />}>
          <FirstSteps campaigns={campaigns.data ?? []} />
        </Suspense>
      )}
      {isNew === false && (
        <>
          <Suspense fallback={<Skeleton className="h-8 w-84 max-w-full" />}>
            <Filters
              search={search}
              otherwise={OTHERWISE}
              onChange={(part) => void navigate({ search: (was) => ({ ...was, ...part }) })}
            />
          </Suspense>
          {overview.isError ? (
            <ErrorBox error={overview.error} onRetry={() => void overview.refetch()} />
          ) : (
            <>
              <Tiles scope={scope} search={handedOn} />
              <Suspense fallback={<SkeletonCard />}>
                <Breakdown scope={scope} search={handedOn} campaigns={campaigns.data ?? []} />
              </Suspense>
            </>
          )}
        </>
      )}
      {campaigns.isError && <ErrorBox error={campaigns.error} onRetry={() => void campaigns.refetch()} />}
      {campaigns.isPending && <Skeleton className="h-28 w-full" />}
    </Page>
  );
}

function SkeletonCard() {
  return (
    <Card>
      <SkeletonLines lines={5} />
    </Card>
  );
}
