import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";

/** What may be spent, and what was. */
export const limitsQuery = queryOptions({
  queryKey: [keys.settings, "limits"],
  queryFn: () => data(api.GET("/api/limits")),
});

/** The organisation, with how much it may do at once. */
export const tenantQuery = queryOptions({
  queryKey: [keys.settings, "tenant"],
  queryFn: () => data(api.GET("/api/tenant")),
  staleTime: 5 * 60_000,
});
