import { queryOptions } from "@tanstack/react-query";
import { api, data } from "./client";
import type { Schema } from "./types";

const PER_PAGE = 200;
/** A list to choose from is no use beyond that. */
const MOST_PAGES = 5;

/** All campaigns by name, to choose from and to name things by. */
export const campaignNamesQuery = queryOptions({
  // Not refetched with every call: names hardly change.
  queryKey: ["campaign-names"],
  staleTime: 60_000,
  queryFn: async () => {
    const all: Schema<"Campaign">[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await data(
        api.GET("/api/campaigns", { params: { query: { sort: "name", limit: PER_PAGE, cursor } } }),
      );
      all.push(...answer.data);
      if (!answer.next) break;
      cursor = answer.next;
    }
    return all;
  },
});
