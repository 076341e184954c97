import { ConfirmDialog } from "@/ui/confirm-dialog";
import type { Campaign } from "./campaign-data";
import type { Move } from "./moves";
import { StartDialog } from "./start-dialog";
import type { useMoves } from "./use-moves";

interface MoveDialogsProps {
  /** What is about to be done, and with which campaign. */
  asked: { move: Move; campaign: Campaign } | null;
  onClose: () => void;
  moves: ReturnType<typeof useMoves>;
  onDeleted?: () => void;
}

/** The questions before a campaign is moved. */
export function MoveDialogs({ asked, onClose, moves, onDeleted }: MoveDialogsProps) {
  if (asked === null) return null;
  const { move, campaign } = asked;
  const dialog = { open: true, onOpenChange: (open: boolean) => !open && onClose() };
  switch (move) {
    case "start":
    case "resume":
      return <StartDialog campaign={campaign} onClose={onClose} start={moves.start} />;
    case "stop":
      return (
        <ConfirmDialog
          {...dialog}
          title={`Stop ${campaign.name}?`}
          confirm="Stop campaign"
          danger
          onConfirm={() => moves.stop.mutateAsync(campaign)}
        >
          For good: nobody is dialed any more, and calls that have no agent on the line yet are ended. It
          cannot be started again, only cloned. To interrupt it, pause it instead.
        </ConfirmDialog>
      );
    case "delete":
      return (
        <ConfirmDialog
          {...dialog}
          title={`Delete ${campaign.name}?`}
          confirm="Delete campaign"
          danger
          onConfirm={async () => {
            await moves.remove.mutateAsync(campaign);
            onDeleted?.();
          }}
        >
          With its leads. It cannot be undone. A campaign that people were called for is kept: stop it
          instead.
        </ConfirmDialog>
      );
    case "clone":
      return (
        <ConfirmDialog
          {...dialog}
          title={`Clone ${campaign.name}?`}
          confirm="Clone campaign"
          onConfirm={() => moves.clone.mutateAsync(campaign)}
        >
          Makes a draft with the same settings and no leads, and opens it.
        </ConfirmDialog>
      );
    case "pause":
      return null;
  }
}
