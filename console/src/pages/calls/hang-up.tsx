import { useQueryClient } from "@tanstack/react-query";
import { PhoneOff } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { useHangUp } from "@/api/hang-up";
import { keys } from "@/api/keys";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";

/** Ends a call that is open, whoever is on it. */
export function HangUp({ call }: { call: Schema<"Call"> }) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const hangUp = useHangUp({
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("The call is being ended");
      void queryClient.invalidateQueries({ queryKey: [keys.calls] });
    },
  });
  const whom = call.lead_name || "the lead";
  return (
    <>
      <Button look="danger" icon={<PhoneOff />} onClick={() => setAsking(true)}>
        Hang up
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Hang up on ${whom}?`}
        confirm="Hang up"
        danger
        onConfirm={() => hangUp.mutateAsync(call.id)}
      >
        {call.state === "bridged" && call.agent_name
          ? `${whom} is talking with ${call.agent_name}. Both lines end at once.`
          : "All lines of this call end at once. It cannot be taken up again."}
      </ConfirmDialog>
    </>
  );
}
