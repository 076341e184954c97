import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { Schema } from "@/api/types";
import type { Range } from "@/url/range";

export type Figures = Schema<"CallFigures">;

/** Of which calls. */
export interface Scope extends Range {
  campaign_id?: string;
}

// Asked every so often rather than with every event: a busy floor has many a second, and figures are read by people.
const fresh = { refetchInterval: 10_000, placeholderData: keepPreviousData } as const;

export const overviewQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["figures", "overview", scope],
    queryFn: () => data(api.GET("/api/calls/stats/overview", { params: { query: scope } })),
    ...fresh,
  });

export const byDispositionQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["figures", "disposition", scope],
    queryFn: () => data(api.GET("/api/calls/stats/by-disposition", { params: { query: scope } })),
    ...fresh,
  });

export const byCampaignQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["figures", "campaign", scope],
    queryFn: () => data(api.GET("/api/calls/stats/by-campaign", { params: { query: scope } })),
    ...fresh,
  });

export const byAgentQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["figures", "agent", scope],
    queryFn: () => data(api.GET("/api/calls/stats/by-agent", { params: { query: scope } })),
    ...fresh,
  });

export const byHourQuery = (scope: Scope, time_zone: string) =>
  queryOptions({
    queryKey: ["figures", "hour", scope, time_zone],
    queryFn: () => data(api.GET("/api/calls/stats/by-hour", { params: { query: { ...scope, time_zone } } })),
    ...fresh,
  });
