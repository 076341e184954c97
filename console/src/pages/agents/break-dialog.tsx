import { type FormEvent, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { Input } from "@/ui/input";

interface BreakDialogProps {
  name: string;
  busy: boolean;
  onSet: (reason: string | undefined) => void;
  onClose: () => void;
}

const USUAL = ["Lunch", "Training", "Meeting", "Technical trouble"];

/** Why somebody is sent on a break. */
export function BreakDialog({ name, busy, onSet, onClose }: BreakDialogProps) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSet(reason.trim() || undefined);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Break for ${name}`}
      description="No call rings until the agent is available again. A call that is on goes on."
      footer={
        <FormFooter onCancel={onClose} form="break" busy={busy}>
          Set break
        </FormFooter>
      }
    >
      <form id="break" onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Reason" hint="May be left empty.">
          <Input
            value={reason}
            maxLength={100}
            onChange={(event) => setReason(event.target.value)}
            autoFocus
          />
        </Field>
        <div className="flex flex-wrap gap-1.5">
          {USUAL.map((usual) => (
            <Button key={usual} size="small" aria-pressed={reason === usual} onClick={() => setReason(usual)}>
              {usual}
            </Button>
          ))}
        </div>
      </form>
    </Dialog>
  );
}
