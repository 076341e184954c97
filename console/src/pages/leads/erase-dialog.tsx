import { useState } from "react";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { Input } from "@/ui/input";
import { useRemoval } from "./use-removal";

const WORD = "erase";

interface EraseDialogProps {
  leadId: string;
  name: string;
  onClose: () => void;
}

/** Erases a person for good; has to be typed. */
export function EraseDialog({ leadId, name, onClose }: EraseDialogProps) {
  const [typed, setTyped] = useState("");
  const erase = useRemoval(leadId, { erase: true, done: `${name} is erased` });
  const isMeant = typed.trim().toLowerCase() === WORD;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Erase ${name}?`}
      footer={
        <FormFooter
          onCancel={onClose}
          look="danger"
          form="erase-lead"
          busy={erase.isPending}
          disabled={!isMeant}
        >
          Erase for good
        </FormFooter>
      }
    >
      <form
        id="erase-lead"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isMeant) erase.mutate(undefined, { onSuccess: onClose });
        }}
      >
        {erase.error && <ErrorBox error={erase.error} title="Not erased" />}
        <div className="flex flex-col gap-2 text-muted">
          <p>
            Everything that tells who it is goes for good: name, number, address, notes, custom fields, and
            the recordings and notes of its calls.
          </p>
          <p>
            What stays is that calls were made, without a name or a number, and a digest of the number: nobody
            can read the number from it, and it keeps the number from ever being called again, even if it
            comes back in a file.
          </p>
          <p className="font-medium text-text">This cannot be undone.</p>
        </div>
        <Field label={`Type "${WORD}" to confirm`}>
          <Input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoFocus
          />
        </Field>
      </form>
    </Dialog>
  );
}
