import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { asProblem, fieldError } from "@/api/problem";
import { phoneText } from "@/format/phone";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";

/** Puts a number on the do-not-call list. */
export function DncDialog({ phone, onClose }: { phone: string; onClose: () => void }) {
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const list = useMutation({
    mutationFn: (reason: string) => {
      const body = { phone, ...(reason.trim() && { reason: reason.trim() }) };
      return data(api.POST("/api/dnc", { body, params: { header: once(key(body)) } }));
    },
    meta: { quiet: true },
    onSuccess: () => {
      toast.success(`${phoneText(phone)} will not be called any more`);
      void queryClient.invalidateQueries({ queryKey: [keys.leads] });
      void queryClient.invalidateQueries({ queryKey: [keys.dnc] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Never call ${phoneText(phone)} again?`}
      description="It takes effect at once, in every campaign. A call to the number that is queued or ringing is ended."
      footer={
        <FormFooter onCancel={onClose} look="danger" form="list-number" busy={list.isPending}>
          Put on do-not-call
        </FormFooter>
      }
    >
      <form
        id="list-number"
        className="flex flex-col gap-3"
        onSubmit={(event) => list.mutate(formValues(event, "reason").reason)}
      >
        {list.error && asProblem(list.error).field === null && (
          <ErrorBox error={list.error} title="Not listed" />
        )}
        <Field label="Reason" hint="For whoever asks later." error={fieldError(list.error, "reason")}>
          <Input name="reason" maxLength={500} placeholder="Asked for it on the phone" autoFocus />
        </Field>
      </form>
    </Dialog>
  );
}
