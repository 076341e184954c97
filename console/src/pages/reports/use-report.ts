import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { api, data } from "@/api/client";
import {
  byAgentQuery,
  byCampaignQuery,
  byDispositionQuery,
  byHourQuery,
  overviewQuery,
  type Scope,
} from "@/pages/dashboard/figures";
import { type Row, rowsOf } from "./rows";
import type { Grouping } from "./search";

/** What a report is of. */
export interface Wanted {
  by: Grouping;
  scope: Scope;
  /** The period to compare with. */
  before: Scope | undefined;
  timeZone: string;
}

export interface Report {
  rows: Row[];
  /** The line of all; none by agent, where calls without one are left out. */
  total: Row | undefined;
  isPending: boolean;
  error: Error | null;
  retry: () => void;
}

/** Reads a report, with that of the period before if it is asked for. */
export function useReport({ by, scope, before, timeZone }: Wanted): Report {
  const now = useGrouped(by, scope, timeZone);
  const then = useGrouped(by, before, timeZone);
  const all = useQuery(overviewQuery(scope));
  const allThen = useQuery({ ...overviewQuery(before ?? {}), enabled: before !== undefined });
  const names = useNames(by);
  return {
    rows: rowsOf(by, now.data?.data ?? [], before && then.data?.data, names),
    total:
      by !== "agent" && all.data
        ? { key: "", label: "All calls", figures: all.data, before: before && allThen.data }
        : undefined,
    isPending: now.isPending,
    error: now.error ?? then.error,
    retry: () => {
      void now.refetch();
      void then.refetch();
    },
  };
}

/** The figures of a stretch of time, grouped; nothing is asked without one. */
function useGrouped(by: Grouping, scope: Scope | undefined, timeZone: string) {
  const isWanted = scope !== undefined;
  const campaign = useQuery({ ...byCampaignQuery(scope ?? {}), enabled: isWanted && by === "campaign" });
  const agent = useQuery({ ...byAgentQuery(scope ?? {}), enabled: isWanted && by === "agent" });
  const disposition = useQuery({
    ...byDispositionQuery(scope ?? {}),
    enabled: isWanted && by === "disposition",
  });
  const hour = useQuery({ ...byHourQuery(scope ?? {}, timeZone), enabled: isWanted && by === "hour" });
  return { campaign, agent, disposition, hour }[by];
}

const PER_PAGE = 200;
const MOST_PAGES = 10;

/** The names of campaigns or agents by their ids. */
function useNames(by: Grouping): ReadonlyMap<string, string> {
  const campaigns = useQuery({ ...campaignNamesQuery, enabled: by === "campaign" });
  const agents = useQuery({
    queryKey: ["agent-names", "all"],
    enabled: by === "agent",
    staleTime: 60_000,
    queryFn: async () => {
      const all: { id: string; name: string }[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await data(api.GET("/api/agents", { params: { query: { limit: PER_PAGE, cursor } } }));
        all.push(...answer.data);
        if (!answer.next) break;
        cursor = answer.next;
      }
      return all;
    },
  });
  const named = by === "campaign" ? campaigns.data : agents.data;
  return useMemo(() => new Map(named?.map(({ id, name }) => [id as string, name])), [named]);
}
