import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { FileX, Upload } from "lucide-react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { importQuery, isUnderWay } from "./import-query";
import { Actions } from "./result/actions";
import { CountsCard } from "./result/counts-card";
import { FactsCard } from "./result/facts-card";
import { ProgressCard } from "./result/progress-card";
import { RowsCard } from "./result/rows-card";
import { Verdict } from "./result/verdict";
import { StatusBadge } from "./status-badge";

const route = getRouteApi("/inside/imports/$importId");
const crumbs = [{ label: "Imports", to: "/imports" }] as const;

export default function ImportPage() {
  const { importId } = route.useParams();
  const { data: one, error, refetch } = useQuery(importQuery(importId));
  const { data: campaigns } = useQuery(campaignNamesQuery);

  if (!one) {
    return (
      <Page>
        <PageHeader title="Import" crumbs={crumbs} />
        {error === null ? (
          <SkeletonLines />
        ) : asProblem(error).status === 404 ? (
          <EmptyState
            icon={FileX}
            title="There is no such import"
            action={
              <Button asChild>
                <Link to="/imports/new">
                  <Upload aria-hidden />
                  Upload leads
                </Link>
              </Button>
            }
          />
        ) : (
          <ErrorBox error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const campaign = campaigns?.find(({ id }) => id === one.campaign_id);
  return (
    <Page>
      <PageHeader
        title={one.file_name || "Import"}
        crumbs={crumbs}
        badges={<StatusBadge of={one} />}
        description={
          <>
            {campaign && (
              <>
                For{" "}
                <Link
                  to="/campaigns/$campaignId"
                  params={{ campaignId: campaign.id }}
                  className="underline underline-offset-3 hover:text-text"
                >
                  {campaign.name}
                </Link>
                {", "}
              </>
            )}
            uploaded <Time at={one.created_at} />
          </>
        }
        actions={<Actions of={one} />}
      />
      {isUnderWay(one.status) && <ProgressCard of={one} />}
      <Verdict of={one} />
      <CountsCard of={one} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <RowsCard of={one} />
        <FactsCard of={one} />
      </div>
    </Page>
  );
}
