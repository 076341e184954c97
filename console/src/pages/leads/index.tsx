import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function LeadsPage() {
  return (
    <Page>
      <PageHeader title="Leads" />
      <SkeletonLines />
    </Page>
  );
}
