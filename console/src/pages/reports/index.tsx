import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function ReportsPage() {
  return (
    <Page>
      <PageHeader title="Reports" />
      <SkeletonLines />
    </Page>
  );
}
