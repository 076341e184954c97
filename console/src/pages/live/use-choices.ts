import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { campaignNamesQuery } from "@/api/campaign-names";
import { groupsQuery } from "@/api/groups";

const REREAD_MS = 60_000;

/** The groups to filter by, and which campaign draws on which. */
export function useChoices() {
  const { data: campaigns } = useQuery(campaignNamesQuery);
  // Names hardly change.
  const { data: groups } = useQuery({ ...groupsQuery, staleTime: REREAD_MS });
  return useMemo(() => {
    const all = groups ?? [];
    return {
      groups: all,
      groupOf: new Map<string, string>(campaigns?.map(({ id, group_id }) => [id, group_id])),
      groupNames: new Map<string, string>(all.map(({ id, name }) => [id, name])),
    };
  }, [campaigns, groups]);
}
