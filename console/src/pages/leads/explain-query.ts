import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";

/** The answer also depends on campaigns, on agents and on the clock, which say nothing of this lead. */
const ASK_AGAIN_MS = 10_000;

/** Why a lead is not being dialed, and when it may be. */
export function explainQuery(leadId: string) {
  return queryOptions({
    queryKey: [keys.leads, "explain", leadId],
    queryFn: () => data(api.GET("/api/leads/{lead_id}/explain", { params: { path: { lead_id: leadId } } })),
    refetchInterval: ASK_AGAIN_MS,
  });
}
