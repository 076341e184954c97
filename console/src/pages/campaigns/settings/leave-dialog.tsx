import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "@/ui/confirm-dialog";

/** Asks before changes that are not saved are left behind. */
export function LeaveDialog({ isTouched }: { isTouched: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isTouched,
    enableBeforeUnload: () => isTouched,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title="Leave without saving?"
      confirm="Leave"
      danger
      onConfirm={async () => blocker.proceed?.()}
    >
      What you changed in the settings is lost.
    </ConfirmDialog>
  );
}
