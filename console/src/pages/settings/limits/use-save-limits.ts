import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import type { Schema } from "@/api/types";
import { limitsQuery } from "@/pages/dashboard/limits";

/** Changes some of the limits; what is left out stays as it is. */
export function useSaveLimits(onSaved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"LimitsChange">) => data(api.PUT("/api/limits", { body })),
    meta: { quiet: true },
    onSuccess: (limits) => {
      queryClient.setQueryData(limitsQuery.queryKey, limits);
      toast.success("The limits are changed");
      onSaved();
    },
  });
}
