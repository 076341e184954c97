import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";

/** How often to ask while something happens: live events are sparse, and a connection may be gone. */
export const POLL_MS = 1500;
const UNDER_WAY: readonly Schema<"ImportStatusWord">[] = ["uploading", "queued", "running", "undoing"];

/** Whether something still happens to an import. */
export function isUnderWay(status: Schema<"ImportStatusWord">): boolean {
  return UNDER_WAY.includes(status);
}

/** One import. */
export function importQuery(importId: string) {
  return queryOptions({
    queryKey: [keys.imports, "one", importId],
    queryFn: () => data(api.GET("/api/imports/{import_id}", { params: { path: { import_id: importId } } })),
    refetchInterval: ({ state }) => state.data !== undefined && isUnderWay(state.data.status) && POLL_MS,
  });
}
