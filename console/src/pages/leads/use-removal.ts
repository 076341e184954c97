import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";

interface Removal {
  /** Whether the person is erased and the rest stays, or all of the lead goes. */
  erase: boolean;
  /** What is said when it is done. */
  done: string;
}

/** Removes a lead, or erases it. The page shows refusals. */
export function useRemoval(leadId: string, { erase, done }: Removal) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      data(api.DELETE("/api/leads/{lead_id}", { params: { path: { lead_id: leadId }, query: { erase } } })),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success(done);
      // One that is gone must not be read again by the page that is about to be left.
      const isOther = ({ queryKey }: { queryKey: readonly unknown[] }) => erase || !queryKey.includes(leadId);
      void queryClient.invalidateQueries({ queryKey: [keys.leads], predicate: isOther });
      void queryClient.invalidateQueries({ queryKey: [keys.calls] });
    },
  });
}
