import { type FormEvent, useState } from "react";
import { fieldError } from "@/api/problem";
import { e164Hint, e164Of } from "@/format/e164";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { Input } from "@/ui/input";
import { useListing } from "./use-listing";

/** Puts one number onto the list. */
export function AddDialog({ phone: first, onClose }: { phone: string; onClose: () => void }) {
  const [phone, setPhone] = useState(first);
  const [reason, setReason] = useState("");
  const [wasTried, setTried] = useState(false);
  const listing = useListing(onClose);
  const number = e164Of(phone);
  const refused = fieldError(listing.error, "phones[0]");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (number) listing.mutate({ phones: [number], reason: reason.trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a number"
      description="At once, in every campaign: its leads are closed, and calls to it that are queued, ringing or waiting are ended."
      footer={
        <FormFooter onCancel={onClose} form="add-dnc" busy={listing.isPending}>
          Add number
        </FormFooter>
      }
    >
      <form id="add-dnc" noValidate onSubmit={submit} className="flex flex-col gap-4">
        {listing.error && !refused && <ErrorBox error={listing.error} title="Not added" />}
        <Field
          label="Number"
          required
          hint={e164Hint}
          error={wasTried && !number ? "It cannot be read as a number." : refused}
        >
          <Input type="tel" value={phone} onChange={(event) => setPhone(event.target.value)} autoFocus />
        </Field>
        <Field label="Reason" hint="For whoever asks later. May be left empty.">
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
