import { getRouteApi } from "@tanstack/react-router";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { ColumnsCard } from "./wizard/columns-card";
import { OptionsCard } from "./wizard/options-card";
import { PreviewCard } from "./wizard/preview-card";
import { SendBar } from "./wizard/send-bar";
import { SourceCard } from "./wizard/source-card";
import { useWizard } from "./wizard/use-wizard";

const route = getRouteApi("/inside/imports/new");

export default function NewImportPage(): React.ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const wizard = useWizard(search.campaign_id, search.repeat);
  const { source } = wizard;
  const lacks = search.campaign_id === undefined ? "Choose a campaign first." : wizard.mappingFault;
  return (
    <Page>
      <PageHeader
        title="Upload leads"
        crumbs={[{ label: "Imports", to: "/imports" }]}
        description="A list of people to call, from a spreadsheet or another system."
      />
      <SourceCard
        wizard={wizard}
        campaignId={search.campaign_id}
        onCampaign={(campaign_id: string) =>
          navigate({ search: (was) => ({ ...was, campaign_id }), replace: true })
        }
      />
      {source && (
        <>
          <ColumnsCard wizard={wizard} source={source} />
          <PreviewCard wizard={wizard} source={source} />
          <OptionsCard wizard={wizard} />
          <SendBar wizard={wizard} source={source} lacks={lacks} />
        </>
      )}
    </Page>
  );
}
