import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { SkeletonLines } from "@/ui/skeleton";
import type { Campaign } from "./campaign-data";
import { Checklist } from "./checklist";
import { isMissing } from "./readiness";
import type { useMoves } from "./use-moves";
import { useReadiness } from "./use-readiness";

interface StartDialogProps {
  campaign: Campaign;
  onClose: () => void;
  start: ReturnType<typeof useMoves>["start"];
}

/** Starts a campaign, or resumes it, after a look at what it needs. */
export function StartDialog({ campaign, onClose, start }: StartDialogProps) {
  const { points, error } = useReadiness(campaign);
  const verb = campaign.status === "paused" ? "Resume" : "Start";
  const missing = points && isMissing(points);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (open) return;
        start.reset();
        onClose();
      }}
      title={`${verb} ${campaign.name}?`}
      description={
        missing
          ? "As things stand nobody would be called. You can start it all the same: it calls as soon as it can."
          : "From now on its leads are called as its hours and the law allow."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={start.isPending}
            onClick={() => start.mutate(campaign, { onSuccess: onClose })}
          >
            {missing ? `${verb} anyway` : `${verb} campaign`}
          </Button>
        </>
      }
    >
      {start.error && <ErrorBox error={start.error} title="Not started" />}
      {points ? (
        <Checklist points={points} campaign={campaign} />
      ) : error ? (
        <ErrorBox error={error} title="The checklist cannot be read" />
      ) : (
        <SkeletonLines />
      )}
    </Dialog>
  );
}
