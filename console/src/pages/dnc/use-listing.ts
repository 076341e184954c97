import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import type { Schema } from "@/api/types";
import { count, plural } from "@/format/number";

/** Puts numbers onto the list; one goes the same way as many. */
export function useListing(onDone: () => void) {
  const queryClient = useQueryClient();
  const key = useOnceKey();
  return useMutation({
    mutationFn: (body: Schema<"BulkListing">) =>
      data(api.POST("/api/dnc/bulk", { params: { header: once(key(body)) }, body })),
    meta: { quiet: true },
    onSuccess: async ({ added, already_listed }) => {
      toast.success(`${plural(added, "number")} added`, {
        description: already_listed > 0 ? `${count(already_listed)} on the list already.` : undefined,
      });
      onDone();
      await Promise.all(
        [keys.dnc, keys.leads, keys.campaigns].map((root) =>
          queryClient.invalidateQueries({ queryKey: [root] }),
        ),
      );
    },
  });
}
