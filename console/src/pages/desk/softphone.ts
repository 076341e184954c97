import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Schema } from "@/api/types";

/** A token is good for an hour. */
const RENEW_MS = 50 * 60_000;

/** What lets the agent's softphone in; null when there is none and the telephone is called. */
export const softphoneQuery = queryOptions({
  queryKey: ["own-softphone"],
  queryFn: async (): Promise<Schema<"SoftphoneToken"> | null> => {
    try {
      return await data(api.POST("/api/agents/me/softphone-token"));
    } catch (error) {
      if (asProblem(error).status === 409) return null;
      throw error;
    }
  },
  staleTime: RENEW_MS,
  refetchInterval: RENEW_MS,
  refetchIntervalInBackground: true,
});
