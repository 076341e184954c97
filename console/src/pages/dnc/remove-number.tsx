import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { phoneText } from "@/format/phone";
import { ConfirmDialog } from "@/ui/confirm-dialog";

/** Takes a number off the list. */
export function RemoveNumber({ phone, onClose }: { phone: string; onClose: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => data(api.DELETE("/api/dnc", { params: { query: { phone } } })),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success(`${phoneText(phone)} is off the list`);
      return queryClient.invalidateQueries({ queryKey: [keys.dnc] });
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${phoneText(phone)} from the list?`}
      confirm="Remove number"
      danger
      onConfirm={() => remove.mutateAsync()}
    >
      It may be called again when it comes with new leads. Do this only if its owner agreed. Leads that were
      closed because of it stay closed.
    </ConfirmDialog>
  );
}
