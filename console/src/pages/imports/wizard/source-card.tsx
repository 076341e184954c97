import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { campaignNamesQuery } from "@/api/campaign-names";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { Combobox } from "@/ui/combobox";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";
import { wordOf } from "@/words/words";
import { delimiterLabels } from "../csv/delimiter";
import { encodingLabels } from "../csv/encoding";
import { FileDrop } from "./file-drop";
import type { Wizard } from "./use-wizard";

interface SourceCardProps {
  wizard: Wizard;
  campaignId: string | undefined;
  onCampaign: (campaignId: string) => void;
}

/** Which leads, and for which campaign. */
export function SourceCard({ wizard, campaignId, onCampaign }: SourceCardProps) {
  const { source, fault, repeated } = wizard;
  const found =
    source &&
    `${encodingLabels[source.head.encoding]}, separated by ${delimiterLabels[source.head.delimiter]}`;
  return (
    <Card title="1. Campaign and file">
      <div className="flex flex-col gap-4">
        <CampaignField value={campaignId} onChange={onCampaign} />
        {repeated && !source && (
          <Callout tone="accent" title={`Choose ${repeated.file_name || "the file"} again`}>
            Browsers forget files when a page is loaded anew. Columns and options are as they were.
          </Callout>
        )}
        {wizard.isReading && !source ? (
          <Skeleton className="h-16 w-full" />
        ) : (
          <FileDrop file={source?.file} found={found} onFile={(file) => void wizard.choose(file)} />
        )}
        {fault && <ErrorBox error={fault} title="This file cannot be read" />}
      </div>
    </Card>
  );
}

function CampaignField({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (campaignId: string) => void;
}) {
  const { data: campaigns, isPending, error, refetch } = useQuery(campaignNamesQuery);
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  if (campaigns?.length === 0) {
    return (
      <Callout tone="warn" title="There is no campaign yet">
        Leads belong to a campaign, which calls them.{" "}
        <Link to="/campaigns/new" className="underline underline-offset-3">
          Make a campaign first
        </Link>
        .
      </Callout>
    );
  }
  return (
    <Field label="Campaign" required hint="The campaign that is to call these leads." className="max-w-md">
      <Combobox
        value={value}
        onChange={onChange}
        placeholder={isPending ? "Reading…" : "Choose a campaign…"}
        options={(campaigns ?? []).map(({ id, name, status }) => ({
          value: id,
          label: name,
          hint: wordOf("campaign", status).label,
        }))}
      />
    </Field>
  );
}
