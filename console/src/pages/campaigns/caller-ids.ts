import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";

/** The numbers that campaigns may show. */
export const callerIdsQuery = queryOptions({
  queryKey: [keys.settings, "caller-ids", "choices"],
  queryFn: () => data(api.GET("/api/tenant/caller-ids", { params: { query: { limit: 200 } } })),
  select: (page) => page.data,
});
