import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { useRange } from "@/url/use-range";

const REREAD_MS = 15_000;

/** How many of today's calls with a person nobody came to in time. */
export function useAbandoned(campaignId: string | undefined) {
  const today = useRange({});
  return useQuery({
    // Not refetched with every call: there may be hundreds a second.
    queryKey: ["floor-today", today, campaignId],
    queryFn: () => {
      const query = { ...today, campaign_id: campaignId };
      return data(api.GET("/api/calls/stats/overview", { params: { query } }));
    },
    refetchInterval: REREAD_MS,
  });
}
