import { useMemo } from "react";
import { useMe } from "@/auth/me";
import { useLive } from "@/live/hooks";
import { type NavItem, navOf } from "./nav";

export function useNav(): readonly NavItem[] {
  const { role } = useMe();
  const isAgent = useLive((view) => view.agentId) !== null;
  return useMemo(() => navOf(role, isAgent), [role, isAgent]);
}
