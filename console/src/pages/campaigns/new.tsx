import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function NewCampaignPage() {
  return (
    <Page>
      <PageHeader title="New campaign" crumbs={[{ label: "Campaigns", to: "/campaigns" }]} />
      <SkeletonLines />
    </Page>
  );
}
