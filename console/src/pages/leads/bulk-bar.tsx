import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldOff } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import type { Schema } from "@/api/types";
import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";

/** What can be done with the leads that are ticked. */
export function BulkBar({ leads, onDone }: { leads: readonly Schema<"Lead">[]; onDone: () => void }) {
  const [isAsked, setAsked] = useState(false);
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const phones = leads.flatMap(({ phone }) => (phone ? [phone] : []));
  const list = useMutation({
    mutationFn: () => {
      const body = { phones };
      return data(api.POST("/api/dnc/bulk", { body, params: { header: once(key(body)) } }));
    },
    meta: { quiet: true },
    onSuccess: () => {
      toast.success(`${plural(phones.length, "number")} will not be called any more`);
      onDone();
      return queryClient.invalidateQueries({ queryKey: [keys.leads] });
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-surface px-4 py-2">
      <p aria-live="polite" className="mr-auto">
        {plural(leads.length, "lead")} selected
      </p>
      <Button size="small" look="quiet" onClick={onDone}>
        Clear
      </Button>
      <Button size="small" icon={<ShieldOff />} disabled={phones.length === 0} onClick={() => setAsked(true)}>
        Put on do-not-call
      </Button>
      <ConfirmDialog
        open={isAsked}
        onOpenChange={setAsked}
        title={`Never call ${plural(phones.length, "number")} again?`}
        confirm={`List ${plural(phones.length, "number")}`}
        danger
        onConfirm={() => list.mutateAsync()}
      >
        They are put on the do-not-call list at once, for every campaign. Calls to them that are queued or
        ringing are ended.
      </ConfirmDialog>
    </div>
  );
}
