import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import { campaignNamesQuery } from "@/api/campaign-names";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { asProblem, fieldError } from "@/api/problem";
import { CountrySelect } from "@/places/country-select";
import { Combobox } from "@/ui/combobox";
import { Dialog } from "@/ui/dialog";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { LeadFields } from "./lead-fields";
import { nameOf } from "./name";
import { blank, stated } from "./texts";

interface CreateDialogProps {
  /** The campaign that the list is about. */
  campaignId: string | undefined;
  onClose: () => void;
}

/** One lead, by hand. */
export function CreateDialog({ campaignId, onClose }: CreateDialogProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const key = useOnceKey();
  const { data: campaigns = [] } = useQuery(campaignNamesQuery);
  const [campaign, setCampaign] = useState(campaignId);
  const [texts, setTexts] = useState(blank);
  const create = useMutation({
    mutationFn: (campaign_id: string) => {
      const body = { ...stated(texts), campaign_id, phone: texts.phone };
      return data(api.POST("/api/leads", { body, params: { header: once(key(body)) } }));
    },
    meta: { quiet: true },
    onSuccess: (lead) => {
      void queryClient.invalidateQueries({ queryKey: [keys.leads] });
      toast.success(`${nameOf(lead)} is added`);
      onClose();
      void navigate({ to: "/leads/$leadId", params: { leadId: lead.id } });
    },
  });
  const { error } = create;
  const chosen = campaigns.find(({ id }) => id === campaign);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title="Add a lead"
      footer={
        <FormFooter onCancel={onClose} form="add-lead" busy={create.isPending} disabled={!campaign}>
          Add lead
        </FormFooter>
      }
    >
      <form
        id="add-lead"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (campaign) create.mutate(campaign);
        }}
      >
        {error && asProblem(error).field === null && <ErrorBox error={error} title="Not added" />}
        <Field label="Campaign" required error={fieldError(error, "campaign_id")}>
          <Combobox
            value={campaign}
            onChange={setCampaign}
            placeholder="Choose a campaign…"
            options={campaigns.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
        <LeadFields
          texts={texts}
          onChange={(some) => setTexts((was) => ({ ...was, ...some }))}
          error={error}
          phoneHint="With plus and country code, or as it is dialed in its country."
          zoneHint="Only if you know better than the number says."
        >
          <Field
            label="Country"
            hint="Of a number without a country code."
            error={fieldError(error, "country")}
          >
            <CountrySelect
              value={texts.country || chosen?.default_country}
              onChange={(country) => setTexts((was) => ({ ...was, country }))}
            />
          </Field>
        </LeadFields>
      </form>
    </Dialog>
  );
}
