import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import type { Schema } from "@/api/types";
import { localZone } from "@/format/time";
import { HoursFields } from "@/hours/hours-fields";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { focusFault } from "@/ui/focus-fault";
import { Input } from "@/ui/input";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { CallerIdField } from "./caller-id-field";
import { callerIdsQuery } from "./caller-ids";
import { bodyOf, checkDraft, type Draft, emptyDraft } from "./draft";
import { GroupSelect } from "./group-select";
import { refusals } from "./settings/refusals";

const route = getRouteApi("/inside/campaigns/new");

const tenantQuery = { queryKey: [keys.settings, "tenant"], queryFn: () => data(api.GET("/api/tenant")) };

export default function NewCampaignPage() {
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const { data: tenant } = useQuery(tenantQuery);
  const { data: callerIds } = useQuery(callerIdsQuery);
  const [given, setGiven] = useState<Partial<Draft>>({});
  const [wasTried, setTried] = useState(false);

  // What is likely, until somebody says otherwise.
  const draft: Draft = {
    ...emptyDraft(tenant?.time_zone ?? localZone()),
    caller_id: callerIds?.[0]?.phone ?? "",
    ...given,
  };
  const set = (part: Partial<Draft>) => setGiven((was) => ({ ...was, ...part }));

  const create = useMutation({
    mutationFn: (body: Schema<"CampaignDraft">) =>
      data(api.POST("/api/campaigns", { params: { header: once(key(body)) }, body })),
    meta: { quiet: true },
    onSuccess: async (campaign) => {
      await queryClient.invalidateQueries({ queryKey: [keys.campaigns] });
      toast.success(`${campaign.name} is a draft`, { description: "Nobody is called before you start it." });
      await navigate({ to: "/campaigns/$campaignId", params: { campaignId: campaign.id } });
    },
  });
  const refused = refusals(create.error);
  const faults = checkDraft(draft);
  const errors = { ...refused, ...(wasTried && faults) };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) focusFault(event.currentTarget);
    else create.mutate(bodyOf(draft));
  };

  return (
    <Page narrow>
      <PageHeader
        title="New campaign"
        crumbs={[{ label: "Campaigns", to: "/campaigns" }]}
        description="It begins as a draft: nobody is called before you start it. Everything can be changed later."
      />
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Card title="1. What it is called">
          <Field label="Name" required error={errors.name} hint="Agents see it with every call.">
            <Input
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
              placeholder="Autumn renewals"
              autoFocus
            />
          </Field>
        </Card>
        <Card title="2. Who calls, and from which number">
          <div className="grid gap-4 sm:grid-cols-2">
            <GroupSelect
              value={draft.group_id}
              onChange={(group_id) => set({ group_id })}
              error={errors.group_id}
            />
            <CallerIdField
              value={draft.caller_id}
              onChange={(caller_id) => set({ caller_id })}
              error={errors.caller_id}
            />
          </div>
        </Card>
        <Card title="3. When it calls">
          <div className="flex flex-col gap-4">
            <p className="text-muted">
              Besides these hours, nobody is called before 08:00 or after 21:00 where the lead is.
            </p>
            <HoursFields
              hours={draft.hours}
              onChange={(hours) => set({ hours })}
              errors={errors.hours ?? {}}
              likelyZone={tenant?.time_zone}
            />
          </div>
        </Card>
        {create.error && Object.keys(refused).length === 0 && (
          <ErrorBox error={create.error} title="Not created" />
        )}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <span className="mr-auto text-muted">Next you upload leads.</span>
          <Button asChild>
            <Link to="/campaigns">Cancel</Link>
          </Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create draft
          </Button>
        </div>
      </form>
    </Page>
  );
}
