import { toast } from "sonner";
import { useHangUp } from "@/api/hang-up";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { Call } from "./board";
import { callName } from "./call-name";

/** Asks whether a call is to be ended, and ends it. */
export function EndCall({ call, onClose }: { call: Call | null; onClose: () => void }) {
  const end = useHangUp({
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
