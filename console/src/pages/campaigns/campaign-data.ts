import { queryOptions } from "@tanstack/react-query";
import { api, data, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";

export type Campaign = Schema<"Campaign">;
export type Preview = Schema<"Preview">;

/** A campaign, with its version. */
export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: [keys.campaigns, "one", id],
    queryFn: () =>
      versioned(api.GET("/api/campaigns/{campaign_id}", { params: { path: { campaign_id: id } } })),
  });

const readPreview = (id: string) =>
  data(api.GET("/api/campaigns/{campaign_id}/preview", { params: { path: { campaign_id: id } } }));

/** What the rules say of a campaign's leads, read again after every event that touches them. */
export const previewQuery = (id: string) =>
  queryOptions({ queryKey: [keys.campaigns, "preview", id], queryFn: () => readPreview(id) });

/** The same for lists: many of them at once, so they are read now and then and not after every event. */
export const progressQuery = (id: string) =>
  queryOptions({
    queryKey: ["campaign-progress", id],
    queryFn: () => readPreview(id),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });

/** The figures of the calls of every campaign. */
export const figuresByCampaignQuery = queryOptions({
  queryKey: [keys.stats, "by-campaign"],
  queryFn: () => data(api.GET("/api/calls/stats/by-campaign")),
  select: (rows) => new Map(rows.data.map((row) => [row.campaign_id, row])),
});
