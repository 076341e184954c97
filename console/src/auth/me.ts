import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { covers, type Role } from "./role";

export type Me = Schema<"Me">;

export const meQuery = queryOptions({
  queryKey: [keys.me],
  queryFn: () => data(api.GET("/api/auth/me")),
  staleTime: 5 * 60_000,
});

/** Who is logged in. For pages behind the login, where it is known. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Whether who is logged in may do what `needed` may: `const mayEdit = useMay("manager")`. */
export function useMay(needed: Role): boolean {
  return covers(useMe().role, needed);
}
