import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { api, data } from "@/api/client";

const MOST = 200;
const REREAD_MS = 60_000;

/** The groups to filter by, and which campaign draws on which. */
export function useChoices() {
  const { data: campaigns } = useQuery(campaignNamesQuery);
  const { data: groups } = useQuery({
    // Not refetched with every call: names hardly change.
    queryKey: ["group-names"],
    queryFn: () => data(api.GET("/api/agent-groups", { params: { query: { limit: MOST } } })),
    staleTime: REREAD_MS,
  });
  return useMemo(() => {
    const all = groups?.data ?? [];
    return {
      groups: all,
      groupOf: new Map<string, string>(campaigns?.map(({ id, group_id }) => [id, group_id])),
      groupNames: new Map<string, string>(all.map(({ id, name }) => [id, name])),
    };
  }, [campaigns, groups]);
}
