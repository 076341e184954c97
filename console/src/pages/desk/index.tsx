import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function DeskPage() {
  return (
    <Page>
      <PageHeader title="Desk" />
      <SkeletonLines />
    </Page>
  );
}
