import { queryOptions } from "@tanstack/react-query";
import { api, versioned } from "@/api/client";
import { keys } from "@/api/keys";

/** One lead, with the version that a change is of. */
export function leadQuery(leadId: string) {
  return queryOptions({
    queryKey: [keys.leads, "one", leadId],
    queryFn: () => versioned(api.GET("/api/leads/{lead_id}", { params: { path: { lead_id: leadId } } })),
  });
}
