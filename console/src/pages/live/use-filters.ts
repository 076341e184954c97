import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import type { LiveSearch } from "./search";

const route = getRouteApi("/inside/live");

/** What is shown of the floor, as the address has it, and what changes that. */
export function useFilters(): { search: LiveSearch; change: (more: LiveSearch) => void } {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (more: LiveSearch) => {
      void navigate({ search: (was) => ({ ...was, ...more }), replace: true });
    },
    [navigate],
  );
  return { search, change };
}
