import { type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { api, data, once } from "./client";
import { useOnceKey } from "./once-key";
import type { Schema } from "./types";

type Options = Omit<UseMutationOptions<Schema<"Call">, Error, string>, "mutationFn">;

/** Ends a call, by its id. */
export function useHangUp(options: Options) {
  const key = useOnceKey();
  return useMutation({
    mutationFn: (id: string) =>
      data(
        api.POST("/api/calls/{call_id}/hang-up", {
          params: { path: { call_id: id }, header: once(key(id)) },
        }),
      ),
    ...options,
  });
}
