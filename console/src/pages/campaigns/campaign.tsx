import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function CampaignPage() {
  return (
    <Page>
      <PageHeader title="Campaign" crumbs={[{ label: "Campaigns", to: "/campaigns" }]} />
      <SkeletonLines />
    </Page>
  );
}
