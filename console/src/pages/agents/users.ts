import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";

/** Everybody who can log in. For tenant admins. */
export const usersQuery = queryOptions({
  queryKey: [keys.settings, "users", "choices"],
  queryFn: () => data(api.GET("/api/users", { params: { query: { limit: 200 } } })),
  select: (page) => page.data,
});
