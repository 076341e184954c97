import { Users } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { count } from "@/format/number";
import { useLive } from "@/live/hooks";
import { CampaignSelect } from "@/ui/campaign-select";
import { cx } from "@/ui/cx";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { Select } from "@/ui/select";
import { SkeletonLines } from "@/ui/skeleton";
import { TabPanel, Tabs } from "@/ui/tabs";
import { Toolbar } from "@/ui/toolbar";
import { AgentList } from "./agent-list";
import type { AgentState, Call, CallState } from "./board";
import { CallList } from "./call-list";
import { EndCall } from "./end-call";
import { agentsOf, callsOf, countByState } from "./floor";
import { Funnel } from "./funnel";
import { LiveSwitch } from "./live-switch";
import { Numbers } from "./numbers";
import type { LiveTab } from "./search";
import { Paused, Staleness } from "./staleness";
import { StateFilter } from "./state-filter";
import { useBoard } from "./use-board";
import { useChoices } from "./use-choices";
import { useFilters } from "./use-filters";

const ANY = "any";

export default function LivePage() {
  const { search, change } = useFilters();
  const { board, isPaused, isError, error, refetch, readAt } = useBoard();
  const { groups, groupOf, groupNames } = useChoices();
  const [ending, setEnding] = useState<Call | null>(null);
  const isCutOff = useLive(
    (view) => view.lastHeardAt !== null && (view.status === "reconnecting" || view.status === "offline"),
  );

  const chooseState = useCallback((state?: AgentState) => change({ state }), [change]);
  const chooseCallState = useCallback(
    (state?: CallState) => change({ call_state: state, view: "calls" }),
    [change],
  );

  const agents = useMemo(() => agentsOf(board, search, groupOf), [board, search, groupOf]);
  const calls = useMemo(() => callsOf(board, search, groupOf), [board, search, groupOf]);
  const agentCounts = useMemo(() => countByState(agents), [agents]);
  const callCounts = useMemo(() => countByState(calls), [calls]);
  const isRead = readAt > 0;
  const isStale = isRead && (isError || isCutOff);
  const view = search.view ?? "agents";

  return (
    <Page>
      <PageHeader title="Live" actions={<LiveSwitch />} />
      <Toolbar>
        <CampaignSelect value={search.campaign_id} onChange={(campaign_id) => change({ campaign_id })} />
        <Select
          aria-label="Group"
          className="w-44"
          icon={<Users />}
          value={search.group_id ?? ANY}
          onChange={(id) => change({ group_id: id === ANY ? undefined : id })}
          options={[
            { value: ANY, label: "All groups" },
            ...groups.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </Toolbar>
      {isPaused && <Paused />}
      {isStale && <Staleness readAt={readAt} error={error} onRetry={() => void refetch()} />}
      <div className={cx("flex flex-col gap-4", isStale && "opacity-60")}>
        <Numbers
          board={board}
          isRead={isRead}
          calls={calls.length}
          agents={agentCounts}
          campaignId={search.campaign_id}
        />
        <Funnel counts={callCounts} chosen={search.call_state} onChoose={chooseCallState} />
        <Tabs<LiveTab>
          label="What is shown"
          value={view}
          onChange={(chosen) => change({ view: chosen })}
          tabs={[
            { value: "agents", label: "Agents", count: isRead ? count(agents.length) : undefined },
            { value: "calls", label: "Calls", count: isRead ? count(calls.length) : undefined },
          ]}
        >
          <TabPanel value={view}>
            {!isRead && isError ? (
              <ErrorBox error={error} onRetry={() => void refetch()} />
            ) : !isRead ? (
              <SkeletonLines lines={5} />
            ) : view === "agents" ? (
              <div className="flex flex-col gap-3">
                <StateFilter counts={agentCounts} chosen={search.state} onChoose={chooseState} />
                <AgentList
                  agents={agents}
                  calls={board.calls}
                  groupNames={groupNames}
                  only={search.state}
                  onEnd={setEnding}
                />
              </div>
            ) : (
              <CallList calls={calls} agents={agents} only={search.call_state} onEnd={setEnding} />
            )}
          </TabPanel>
        </Tabs>
      </div>
      <EndCall call={ending} onClose={() => setEnding(null)} />
    </Page>
  );
}
