import { type QueryKey, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Page } from "./types";

/** A list read page after page. */
export interface Pages<Row> {
  /** The rows of all pages so far; none while the first is on its way. */
  rows: Row[];
  query: UseInfiniteQueryResult<{ pages: Page<Row>[] }>;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/**
 * A list by its cursor:
 * `usePages([keys.leads, "list", filters], (cursor) => data(api.GET("/api/leads", { params: { query: { ...filters, cursor } } })))`
 */
export function usePages<Row>(
  key: QueryKey,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
  options: { enabled?: boolean; refetchInterval?: number; staleTime?: number } = {},
): Pages<Row> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Row>) => last.next ?? undefined,
    ...options,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return {
    rows,
    query,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}
