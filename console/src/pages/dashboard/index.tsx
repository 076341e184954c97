import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function DashboardPage() {
  return (
    <Page>
      <PageHeader title="Dashboard" />
      <SkeletonLines />
    </Page>
  );
}
