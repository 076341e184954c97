import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, ifMatch, type Versioned, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { asProblem, fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { zoneCity } from "@/places/time-zones";
import { Callout } from "@/ui/callout";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { FormFooter } from "@/ui/form-footer";
import { type CustomText, customOf, customTextsOf, repeatedName } from "./custom";
import { CustomFields } from "./custom-fields";
import { LeadFields } from "./lead-fields";
import { leadQuery } from "./lead-query";
import { nameOf } from "./name";
import { type LeadTexts, textsOf } from "./texts";

interface EditDialogProps {
  lead: Versioned<Schema<"Lead">>;
  onClose: () => void;
}

/**
 * What is known of a lead, to be changed. Only what was touched is sent: a number sent anew would have its zones made
 * out anew. When somebody else was quicker, what was touched stays on top of the new version.
 */
export function EditDialog({ lead: { data: lead, etag }, onClose }: EditDialogProps) {
  const queryClient = useQueryClient();
  const [touched, setTouched] = useState<Partial<LeadTexts>>({});
  const [fields, setFields] = useState<CustomText[]>();
  const texts = { ...textsOf(lead), ...touched };
  const custom = fields ?? customTextsOf(lead.custom);
  const twice = repeatedName(custom);

  const save = useMutation({
    mutationFn: () => {
      const body = { ...touched, ...(fields && { custom: customOf(fields, lead.custom) }) };
      const params = { path: { lead_id: lead.id }, header: ifMatch(etag) };
      return versioned(api.PUT("/api/leads/{lead_id}", { body: body as Schema<"LeadChange">, params }));
    },
    meta: { quiet: true },
    onSuccess: (saved) => {
      queryClient.setQueryData(leadQuery(lead.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: [keys.leads] });
      toast.success(`${nameOf(saved.data)} is saved`);
      onClose();
    },
    onError: (error) => {
      if (asProblem(error).status === 412) {
        void queryClient.invalidateQueries({ queryKey: leadQuery(lead.id).queryKey });
      }
    },
  });
  const problem = save.error && asProblem(save.error);
  const zones = lead.time_zones.map(zoneCity).join(", ");

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={`Edit ${nameOf(lead)}`}
      footer={
        <FormFooter
          onCancel={onClose}
          form="edit-lead"
          busy={save.isPending}
          disabled={twice !== undefined || (Object.keys(touched).length === 0 && !fields)}
        >
          Save
        </FormFooter>
      }
    >
      <form
        id="edit-lead"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {problem?.status === 412 ? (
          <Callout tone="warn" title="Somebody else changed this lead meanwhile">
            Their version is read, with what you typed on top of it. Look it over and save again.
          </Callout>
        ) : (
          problem?.field === null && <ErrorBox error={problem} title="Not saved" />
        )}
        <LeadFields
          texts={texts}
          onChange={(some) => setTouched((was) => ({ ...was, ...some }))}
          error={save.error}
          phoneHint="Another number is looked up anew: country and time zones follow it."
          zoneHint={
            lead.time_zones.length > 1
              ? `By the number it may be in ${zones}. Choose one if you know better.`
              : lead.time_zones.length === 0
                ? "Not known from the number. Choose it, or the lead is never called."
                : undefined
          }
        />
        <CustomFields
          fields={custom}
          onChange={setFields}
          error={twice ? `"${twice}" stands more than once.` : fieldError(save.error, "custom")}
        />
      </form>
    </Dialog>
  );
}
