import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { useOnceKey } from "@/api/once-key";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { Call } from "./board";
import { callName } from "./call-name";

/** Asks whether a call is to be ended, and ends it. */
export function EndCall({ call, onClose }: { call: Call | null; onClose: () => void }) {
  const key = useOnceKey();
  const end = useMutation({
    mutationFn: (id: string) =>
      data(
        api.POST("/api/calls/{call_id}/hang-up", {
          params: { path: { call_id: id }, header: once(key(id)) },
        }),
      ),
    meta: { quiet: true },
    onSuccess: () => toast.success("The call is being ended"),
  });
  return (
    <ConfirmDialog
      open={call !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`End the call with ${call ? callName(call) : ""}?`}
      confirm="End call"
      danger
      onConfirm={async () => call && end.mutateAsync(call.id)}
    >
      Everybody on the line is cut off at once
      {call?.agent_name ? `, ${call.agent_name} among them` : ""}. This cannot be undone.
    </ConfirmDialog>
  );
}
