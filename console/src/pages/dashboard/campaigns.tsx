import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Megaphone } from "lucide-react";
import { api, data } from "@/api/client";
import type { Schema } from "@/api/types";
import { abandonStanding, abandonWords } from "@/format/abandon";
import { count, percent } from "@/format/number";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { cx } from "@/ui/cx";
import { EmptyState } from "@/ui/empty-state";
import { ProgressBar } from "@/ui/progress-bar";
import { Skeleton } from "@/ui/skeleton";
import { toneText } from "@/ui/tone";
import { WordBadge } from "@/ui/word-badge";
import { byCampaignQuery, type Figures, type Scope } from "./figures";

/** More than that is what the list of campaigns is for. */
const SHOWN = 8;
const ORDER: readonly Schema<"CampaignStatusWord">[] = ["active", "paused", "finished", "draft", "stopped"];

interface CampaignsCardProps {
  campaigns: readonly Schema<"Campaign">[];
  scope: Scope;
}

/** How far each campaign is, those that call first. */
export function CampaignsCard({ campaigns, scope }: CampaignsCardProps) {
  const { data: figures } = useQuery(byCampaignQuery(scope));
  const byId = new Map(figures?.data.map((row) => [row.campaign_id as string, row]));
  const shown = campaigns
    .filter(({ id }) => scope.campaign_id === undefined || scope.campaign_id === id)
    .toSorted((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status))
    .slice(0, SHOWN);
  return (
    <Card
      title="Campaigns"
      actions={
        <Button asChild size="small" look="quiet">
          <Link to="/campaigns">All campaigns</Link>
        </Button>
      }
    >
      {shown.length === 0 ? (
        <EmptyState
          icon={Megaphone}
          title="No campaign yet"
          action={
            <Button asChild look="primary">
              <Link to="/campaigns/new">New campaign</Link>
            </Button>
          }
        >
          A campaign says whom to call, when, and how often.
        </EmptyState>
      ) : (
        <ul className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
          {shown.map((campaign) => (
            <CampaignLine key={campaign.id} campaign={campaign} figures={byId.get(campaign.id)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function CampaignLine({ campaign, figures }: { campaign: Schema<"Campaign">; figures: Figures | undefined }) {
  const { data: leads } = useQuery({
    // Counts all leads of the campaign: now and then is enough.
    queryKey: ["campaign-progress", campaign.id],
    queryFn: () =>
      data(
        api.GET("/api/campaigns/{campaign_id}/preview", { params: { path: { campaign_id: campaign.id } } }),
      ),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
  const total = leads && leads.callable_now + leads.callable_later + leads.not_callable;
  const standing = abandonStanding(figures?.abandon_rate);
  return (
    <li className="flex min-w-0 flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {campaign.name}
        </Link>
        <WordBadge set="campaign" word={campaign.status} />
      </div>
      {leads && total !== undefined ? (
        <ProgressBar
          label={`Leads of ${campaign.name} that are done`}
          percent={total === 0 ? 0 : (leads.not_callable / total) * 100}
        />
      ) : (
        <Skeleton className="h-1.5 w-full" />
      )}
      <p className="flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
        {leads && total !== undefined && (
          <span>
            {count(leads.not_callable)} of {count(total)} leads done
          </span>
        )}
        <span>{count(figures?.calls ?? 0)} calls</span>
        <span>{count(figures?.bridged ?? 0)} bridged</span>
        {figures?.abandon_rate != null && (
          <span className={cx(standing !== "ok" && `font-medium ${toneText[standing]}`)}>
            {percent(figures.abandon_rate)} abandoned
            {standing !== "ok" && `, ${abandonWords(figures.abandon_rate)}`}
          </span>
        )}
      </p>
    </li>
  );
}
