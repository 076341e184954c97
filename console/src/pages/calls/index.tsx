import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function CallsPage() {
  return (
    <Page>
      <PageHeader title="Calls" />
      <SkeletonLines />
    </Page>
  );
}
