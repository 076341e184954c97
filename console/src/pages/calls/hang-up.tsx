import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PhoneOff } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";

/** Ends a call that is open, whoever is on it. */
export function HangUp({ call }: { call: Schema<"Call"> }) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const key = useOnceKey();
  const hangUp = useMutation({
    mutationFn: () =>
      data(
        api.POST("/api/calls/{call_id}/hang-up", {
          params: { path: { call_id: call.id }, header: once(key(call.id)) },
        }),
      ),
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
        onConfirm={() => hangUp.mutateAsync()}
      >
        {call.state === "bridged" && call.agent_name
          ? `${whom} is talking with ${call.agent_name}. Both lines end at once.`
          : "All lines of this call end at once. It cannot be taken up again."}
      </ConfirmDialog>
    </>
  );
}
