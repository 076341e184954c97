import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";

export type Group = Schema<"AgentGroup">;

/** The groups to choose from, by name. */
export const groupsQuery = queryOptions({
  queryKey: [keys.groups, "choices"],
  queryFn: () => data(api.GET("/api/agent-groups", { params: { query: { limit: 200 } } })),
  select: (page): Group[] => page.data,
});

/** A group's name by its id; nothing while the groups are read. */
export function useGroupName(): (id: string) => string | undefined {
  const { data: groups } = useQuery(groupsQuery);
  return (id) => groups?.find((group) => group.id === id)?.name;
}
