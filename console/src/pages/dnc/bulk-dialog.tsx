import { type FormEvent, useMemo, useState } from "react";
import { asProblem, fieldError } from "@/api/problem";
import { count, plural } from "@/format/number";
import { phoneText } from "@/format/phone";
import { Callout } from "@/ui/callout";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { Input } from "@/ui/input";
import { Textarea } from "@/ui/textarea";
import { pastedNumbers, refusedNumber, type Unread } from "./pasted";
import { useListing } from "./use-listing";

/** What the API takes in one go. */
const MOST = 10_000;
const UNREAD_SHOWN = 5;

/** Puts many numbers onto the list. */
export function BulkDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const listing = useListing(onClose);
  const { phones, repeated, unread } = useMemo(() => pastedNumbers(text), [text]);
  const isTooMany = phones.length > MOST;
  const refused = listing.error ? refusedNumber(asProblem(listing.error).field, phones) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (phones.length > 0 && !isTooMany) listing.mutate({ phones, reason: reason.trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add many numbers"
      description="Their leads are closed at once, in every campaign."
      footer={
        <FormFooter
          onCancel={onClose}
          form="add-many-dnc"
          busy={listing.isPending}
          disabled={phones.length === 0 || isTooMany}
        >
          {phones.length === 0 ? "Add numbers" : `Add ${plural(phones.length, "number")}`}
        </FormFooter>
      }
    >
      <form id="add-many-dnc" onSubmit={submit} className="flex flex-col gap-4">
        {refused && listing.error ? (
          <Callout tone="bad" title={`${phoneText(refused)} cannot be added, so none is`}>
            {fieldError(listing.error, asProblem(listing.error).field ?? "")}
          </Callout>
        ) : (
          listing.error && <ErrorBox error={listing.error} title="Not added" />
        )}
        <Field
          label="Numbers"
          required
          hint="One a line, or divided by commas: with plus and country code. A column of a spreadsheet can be pasted."
          error={isTooMany ? `At most ${count(MOST)} at once: paste the others after these.` : undefined}
          aside={
            text.trim() !== "" &&
            `${plural(phones.length, "number")}${repeated > 0 ? `, ${count(repeated)} repeated` : ""}`
          }
        >
          <Textarea
            rows={8}
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={"+1 212 555 0142\n+1 415 555 0107"}
            className="font-mono"
            autoFocus
          />
        </Field>
        {unread.length > 0 && <UnreadList unread={unread} />}
        <Field label="Reason" hint="The same for all of them. May be left empty.">
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}

function UnreadList({ unread }: { unread: readonly Unread[] }) {
  const more = unread.length - UNREAD_SHOWN;
  return (
    <Callout
      tone="warn"
      title={`${plural(unread.length, "entry", "entries")} left out: no number with its country`}
    >
      <ul>
        {unread.slice(0, UNREAD_SHOWN).map(({ line, text }) => (
          <li key={`${line} ${text}`} className="truncate">
            Line {line}: {text}
          </li>
        ))}
        {more > 0 && <li>and {count(more)} more</li>}
      </ul>
    </Callout>
  );
}
