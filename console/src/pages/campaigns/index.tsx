import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function CampaignsPage() {
  return (
    <Page>
      <PageHeader title="Campaigns" />
      <SkeletonLines />
    </Page>
  );
}
