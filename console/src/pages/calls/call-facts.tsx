import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { Fact, Facts } from "@/ui/facts";
import { TickingTime } from "@/ui/ticking-time";
import { Time } from "@/ui/time";
import { Duration, Money, PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import { spaced } from "./timeline/stored";

const linkClass = "text-accent-text hover:underline";

/** What a cost rests on. */
const costBases: Record<Schema<"Call">["cost_basis"], string> = {
  estimated: "estimated",
  billed: "billed",
  other_currency: "estimated; billed in another currency",
  not_priced: "estimated; the carrier told no price",
};

/** Who called whom, for what, and what came of it. */
export function CallFacts({ call }: { call: Schema<"Call"> }) {
  // Only for the lead's clock: a lead that is gone takes nothing from the page.
  const { data: lead } = useQuery({
    queryKey: [keys.leads, "one", call.lead_id],
    queryFn: () => data(api.GET("/api/leads/{lead_id}", { params: { path: { lead_id: call.lead_id } } })),
    retry: false,
  });
  const leadZone = lead?.time_zones[0];
  return (
    <Card title="Call">
      <Facts>
        <Fact label="Lead">
          <Stack>
            <Link to="/leads/$leadId" params={{ leadId: call.lead_id }} className={linkClass}>
              {call.lead_name || "Erased"}
            </Link>
            <PhoneNumber phone={call.lead_phone} />
          </Stack>
        </Fact>
        <Fact label="Campaign">
          <Link to="/campaigns/$campaignId" params={{ campaignId: call.campaign_id }} className={linkClass}>
            {call.campaign_name}
          </Link>
        </Fact>
        <Fact label="Agent">
          {call.agent_id ? (
            <Link to="/agents/$agentId" params={{ agentId: call.agent_id }} className={linkClass}>
              {call.agent_name ?? "Agent"}
            </Link>
          ) : (
            <span className="text-muted">None was connected</span>
          )}
        </Fact>
        <Fact label="Attempt">{call.attempt_no}</Fact>
        <Fact label="Result">
          {call.disposition ? (
            <WordBadge set="disposition" word={call.disposition} />
          ) : (
            <span className="text-muted">None yet</span>
          )}
        </Fact>
        <Fact label="Detection">
          {call.verdict ? spaced(call.verdict) : <span className="text-muted">None</span>}
        </Fact>
        <Fact label="Opened">
          <Time at={call.opened_at} absolute leadZone={leadZone} />
        </Fact>
        <Fact label="Answered">
          <Time at={call.answered_at} absolute leadZone={leadZone} />
        </Fact>
        <Fact label="Bridged">
          <Time at={call.bridged_at} absolute leadZone={leadZone} />
        </Fact>
        <Fact label="Over">
          <Time at={call.closed_at} absolute leadZone={leadZone} />
        </Fact>
        <Fact label="Duration">
          {call.closed_at ? (
            <Duration seconds={(Date.parse(call.closed_at) - Date.parse(call.opened_at)) / 1000} />
          ) : (
            <TickingTime since={call.opened_at} />
          )}
        </Fact>
        <Fact label="Talk">
          <Duration seconds={call.talk_s} />
        </Fact>
        <Fact label="Cost">
          <Money usd={call.cost_usd} />{" "}
          <span className="text-xs text-muted">{costBases[call.cost_basis]}</span>
        </Fact>
        <Fact label="Ids">
          <Stack>
            <CopyId id={call.id} />
            <CopyId id={call.lead_id} />
            <CopyId id={call.campaign_id} />
            {call.agent_id && <CopyId id={call.agent_id} />}
          </Stack>
        </Fact>
      </Facts>
    </Card>
  );
}

function Stack({ children }: { children: ReactNode }) {
  return <span className="flex flex-col items-start">{children}</span>;
}
