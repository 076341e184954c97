import { useEffect } from "react";
import { clockTime } from "@/format/time";
import { useLive } from "@/live/hooks";
import { Callout } from "@/ui/callout";
import { cx } from "@/ui/cx";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { Skeleton, SkeletonLines } from "@/ui/skeleton";
import { sendLeftDrafts } from "./call-notes";
import { CallPanel } from "./call-panel";
import { byUrgency, type Desk, isOffer } from "./desk";
import { Idle } from "./idle";
import { NoAgent } from "./no-agent";
import { Offer } from "./offer";
import { SoftphoneNotice } from "./softphone-notice";
import { StandingBanner } from "./standing-banner";
import { StatusBar } from "./status-bar";
import { useDesk } from "./use-desk";
import { useLeaving } from "./use-leaving";
import { useLostOffers } from "./use-lost-offers";

export default function DeskPage() {
  const desk = useDesk();
  // What was last known is better than nothing: it stays, greyed, and says so.
  return (
    <Page>
      <PageHeader title="Desk" />
      {desk.data ? (
        <OnDesk desk={desk.data} isFailing={desk.isError} heardAt={desk.dataUpdatedAt} />
      ) : desk.data === null ? (
        <NoAgent />
      ) : desk.isError ? (
        <ErrorBox error={desk.error} onRetry={() => void desk.refetch()} />
      ) : (
        <>
          <Skeleton className="h-13 w-full" />
          <SkeletonLines />
        </>
      )}
    </Page>
  );
}

interface OnDeskProps {
  desk: Desk;
  isFailing: boolean;
  /** When the server said so, on this browser's clock. */
  heardAt: number;
}

function OnDesk({ desk, isFailing, heardAt }: OnDeskProps) {
  const { agent, calls, askedAt } = desk;
  const isCutOff = useLive(
    (view) => view.lastHeardAt !== null && (view.status === "offline" || view.status === "reconnecting"),
  );
  const isStale = isFailing || isCutOff;
  useLostOffers(desk);
  useLeaving(calls.some((call) => call.stage !== "reserved"));

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at the first look at the desk
  useEffect(() => sendLeftDrafts(calls.map(({ id }) => id)), []);

  return (
    <>
      <StatusBar agent={agent} />
      {isStale && (
        <Callout tone="warn" title="Reconnecting">
          Shown as of {clockTime(new Date(heardAt), "local")}. A call that you are on goes on, and what you
          note is kept.
        </Callout>
      )}
      <StandingBanner agent={agent} />
      {agent.reach === "browser" && <SoftphoneNotice agent={agent} />}
      <div className={cx("flex flex-col gap-4", isStale && "opacity-60")}>
        {byUrgency(calls).map((call) =>
          isOffer(call) ? (
            <Offer key={call.id} call={call} />
          ) : (
            <CallPanel key={call.id} call={call} agent={agent} askedAt={askedAt} />
          ),
        )}
        {calls.length === 0 && <Idle agent={agent} />}
      </div>
    </>
  );
}
