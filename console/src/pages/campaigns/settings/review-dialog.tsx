import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ChangeList } from "./change-list";
import type { Change } from "./changes";

interface ReviewDialogProps {
  name: string;
  changes: readonly Change[];
  busy: boolean;
  onApply: () => void;
  onClose: () => void;
}

/** What changes now, before it is applied to a campaign that is running. */
export function ReviewDialog({ name, changes, busy, onApply, onClose }: ReviewDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Change ${name} while it runs?`}
      description="Its next calls follow these settings. Calls that are open keep those they were opened with."
      size="wide"
      footer={
        <>
          <Button onClick={onClose}>Back to the settings</Button>
          <Button look="primary" busy={busy} onClick={onApply}>
            Apply {plural(changes.length, "change")}
          </Button>
        </>
      }
    >
      <ChangeList changes={changes} />
    </Dialog>
  );
}
