import { queryOptions } from "@tanstack/react-query";
import { api, data } from "./client";

/** What the installation says of itself to somebody who is not logged in. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => data(api.GET("/api/setup")),
  staleTime: 60_000,
});
