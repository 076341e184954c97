import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useGroupName } from "@/api/groups";
import { phoneText } from "@/format/phone";
import { HoursText } from "@/hours/hours-text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { ErrorBox } from "@/ui/error-box";
import { Fact, Facts } from "@/ui/facts";
import { SkeletonLines } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { CallableCard } from "./callable-card";
import { type Campaign, previewQuery } from "./campaign-data";
import { Checklist } from "./checklist";
import { Figures, Results } from "./figures";
import type { Move } from "./moves";
import { NextStep } from "./next-step";
import { useReadiness } from "./use-readiness";

interface OverviewProps {
  campaign: Campaign;
  onMove: (move: Move, campaign: Campaign) => void;
}

/** How a campaign stands, and what comes next. */
export function Overview({ campaign, onMove }: OverviewProps) {
  const preview = useQuery(previewQuery(campaign.id));
  return (
    <div className="flex flex-col gap-4">
      {preview.data && <NextStep campaign={campaign} preview={preview.data} onMove={onMove} />}
      {campaign.started_at && <Figures campaignId={campaign.id} />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          {preview.isError ? (
            <ErrorBox
              error={preview.error}
              title="The preview cannot be read"
              onRetry={() => void preview.refetch()}
            />
          ) : preview.data ? (
            <CallableCard campaign={campaign} preview={preview.data} />
          ) : (
            <Card title="Leads">
              <SkeletonLines />
            </Card>
          )}
          {campaign.started_at && <Results campaignId={campaign.id} />}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {campaign.status !== "stopped" && <ReadyCard campaign={campaign} />}
          <FactsCard campaign={campaign} />
        </div>
      </div>
    </div>
  );
}

function ReadyCard({ campaign }: { campaign: Campaign }) {
  const { points, error } = useReadiness(campaign);
  return (
    <Card title="What it needs to call">
      {points ? (
        <Checklist points={points} campaign={campaign} />
      ) : error ? (
        <ErrorBox error={error} title="The checklist cannot be read" />
      ) : (
        <SkeletonLines />
      )}
    </Card>
  );
}

function FactsCard({ campaign }: { campaign: Campaign }) {
  const groupName = useGroupName();
  return (
    <Card
      title="Facts"
      actions={
        <Button asChild size="small" look="quiet">
          <Link to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} search={{ tab: "settings" }}>
            All settings
          </Link>
        </Button>
      }
    >
      <Facts>
        <Fact label="Group">
          <Link to="/agents" search={{ group_id: campaign.group_id }} className="underline">
            {groupName(campaign.group_id) ?? "…"}
          </Link>
        </Fact>
        <Fact label={campaign.caller_ids.length > 1 ? "Caller ids" : "Caller id"}>
          {campaign.caller_ids.map(phoneText).join(", ")}
        </Fact>
        <Fact label="Hours">
          <HoursText terms={campaign.calling_window} />
        </Fact>
        <Fact label="Calls at once">{campaign.max_concurrent_calls}</Fact>
        <Fact label="Recording">{campaign.conduct.record ? "On" : "Off"}</Fact>
        <Fact label="Created">
          <Time at={campaign.created_at} />
        </Fact>
        <Fact label="First started">
          <Time at={campaign.started_at} />
        </Fact>
        {campaign.finished_at && (
          <Fact label="Finished">
            <Time at={campaign.finished_at} />
          </Fact>
        )}
        <Fact label="Id">
          <CopyId id={campaign.id} />
        </Fact>
      </Facts>
    </Card>
  );
}
