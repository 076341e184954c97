import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { groupsQuery } from "@/api/groups";
import { keys } from "@/api/keys";
import { useNow } from "@/live/use-now";
import { callerIdsQuery } from "./caller-ids";
import { type Campaign, previewQuery } from "./campaign-data";
import { type Point, readiness } from "./readiness";

const availableQuery = (groupId: string) => ({
  queryKey: [keys.agents, "available", groupId],
  queryFn: () =>
    data(
      api.GET("/api/agents", { params: { query: { group_id: groupId, presence: "available", limit: 200 } } }),
    ),
});

const limitsQuery = { queryKey: [keys.settings, "limits"], queryFn: () => data(api.GET("/api/limits")) };

/** The checklist of a campaign; nothing while it is read. */
export function useReadiness(campaign: Campaign): { points: Point[] | undefined; error: unknown } {
  const now = useNow(10_000);
  const preview = useQuery(previewQuery(campaign.id));
  const groups = useQuery(groupsQuery);
  const available = useQuery(availableQuery(campaign.group_id));
  const callerIds = useQuery(callerIdsQuery);
  const limits = useQuery(limitsQuery);
  const error = preview.error ?? groups.error ?? available.error ?? callerIds.error ?? limits.error;
  if (!preview.data || !groups.data || !available.data || !callerIds.data || !limits.data)
    return { points: undefined, error };
  return {
    error,
    points: readiness({
      campaign,
      preview: preview.data,
      group: groups.data.find((group) => group.id === campaign.group_id),
      available: available.data.data.length,
      callerIds: callerIds.data,
      capped: limits.data.capped,
      now,
    }),
  };
}
