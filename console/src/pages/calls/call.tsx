import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { phoneText } from "@/format/phone";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";
import { WordBadge } from "@/ui/word-badge";
import { CallFacts } from "./call-facts";
import { HangUp } from "./hang-up";
import { Legs } from "./legs";
import { Recording } from "./recording";
import { useNames } from "./timeline/names";
import { Timeline } from "./timeline/timeline";

const route = getRouteApi("/inside/calls/$callId");
const crumbs = [{ label: "Calls", to: "/calls" }] as const;

export default function CallPage() {
  const { callId } = route.useParams();
  const query = useQuery({
    queryKey: [keys.calls, "one", callId],
    queryFn: () => data(api.GET("/api/calls/{call_id}", { params: { path: { call_id: callId } } })),
  });
  const call = query.data;

  if (!call) {
    return (
      <Page>
        <PageHeader title="Call" crumbs={crumbs} />
        {query.isError ? (
          <ErrorBox error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Card>
            <SkeletonLines lines={5} />
          </Card>
        )}
      </Page>
    );
  }

  return <CallView call={call} />;
}

function CallView({ call }: { call: Schema<"Call"> }) {
  const { view } = route.useSearch();
  const navigate = route.useNavigate();
  const names = useNames(call.timeline);
  return (
    <Page>
      <PageHeader
        title={call.lead_name || phoneText(call.lead_phone) || "Call"}
        crumbs={crumbs}
        badges={
          <>
            {call.disposition ? (
              <WordBadge set="disposition" word={call.disposition} />
            ) : (
              <WordBadge set="callState" word={call.state} />
            )}
            <CopyId id={call.id} />
          </>
        }
        actions={!call.closed_at && <HangUp call={call} />}
      />
      {call.denial && (
        <Callout tone="warn" title="A rule stood against this call">
          {call.denial}
        </Callout>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
        <div className="min-w-0 lg:col-start-2">
          <CallFacts call={call} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <Timeline
            call={call}
            names={names}
            everything={view === "full"}
            onEverything={(everything) =>
              void navigate({ search: { view: everything ? "full" : undefined }, replace: true })
            }
          />
          <Legs legs={call.legs} names={names} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:col-start-2">
          <Card title="Notes">
            {call.notes ? (
              <p className="break-words whitespace-pre-wrap">{call.notes}</p>
            ) : (
              <p className="text-muted">The agent noted nothing.</p>
            )}
          </Card>
          <Recording call={call} />
        </div>
      </div>
    </Page>
  );
}
