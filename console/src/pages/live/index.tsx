import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function LivePage() {
  return (
    <Page>
      <PageHeader title="Live" />
      <SkeletonLines />
    </Page>
  );
}
