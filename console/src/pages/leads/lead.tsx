import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function LeadPage() {
  return (
    <Page>
      <PageHeader title="Lead" crumbs={[{ label: "Leads", to: "/leads" }]} />
      <SkeletonLines />
    </Page>
  );
}
