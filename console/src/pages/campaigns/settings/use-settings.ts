import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, ifMatch, type Versioned, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { asProblem } from "@/api/problem";
import { type Campaign, campaignQuery } from "../campaign-data";
import { type CampaignForm, changedPart, formOf } from "./form";
import { merged, same } from "./merge";

interface Draft {
  etag: string | null;
  /** As the server has it. */
  base: CampaignForm;
  /** As it is to be. */
  form: CampaignForm;
  /** As it was before somebody else changed it, until it is read. */
  overtaken: CampaignForm | null;
}

/** The settings of a campaign while they are edited. What others change meanwhile is taken over, and told. */
export function useSettings({ data: campaign, etag }: Versioned<Campaign>) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => {
    const base = formOf(campaign);
    return { etag, base, form: base, overtaken: null };
  });

  if (etag !== draft.etag) {
    const theirs = formOf(campaign);
    const isTouched = !same(draft.form, draft.base);
    const isOther = !same(theirs, draft.base);
    setDraft({
      etag,
      base: theirs,
      form: merged(draft.base, draft.form, theirs),
      // Starting and pausing make a new version, too: only settings are worth a word, and only to one who edits.
      overtaken: isOther && isTouched ? (draft.overtaken ?? draft.base) : draft.overtaken,
    });
  }

  const save = useMutation({
    mutationFn: () =>
      versioned(
        api.PUT("/api/campaigns/{campaign_id}", {
          params: { path: { campaign_id: campaign.id }, header: ifMatch(draft.etag) },
          body: changedPart(draft.base, draft.form),
        }),
      ),
    meta: { quiet: true },
    onSuccess: async (saved) => {
      const base = formOf(saved.data);
      setDraft({ etag: saved.etag, base, form: base, overtaken: null });
      queryClient.setQueryData(campaignQuery(campaign.id).queryKey, saved);
      toast.success(`${saved.data.name} is saved`);
      await queryClient.invalidateQueries({ queryKey: [keys.campaigns] });
    },
    onError: (error) => {
      if (asProblem(error).code === "changed")
        return queryClient.invalidateQueries({ queryKey: campaignQuery(campaign.id).queryKey });
    },
  });

  return {
    draft,
    save,
    set: (part: Partial<CampaignForm>) => {
      if (save.isError) save.reset();
      setDraft((was) => ({ ...was, form: { ...was.form, ...part } }));
    },
    discard: () => {
      save.reset();
      setDraft((was) => ({ ...was, form: was.base, overtaken: null }));
    },
    dismissOvertaken: () => setDraft((was) => ({ ...was, overtaken: null })),
  };
}
