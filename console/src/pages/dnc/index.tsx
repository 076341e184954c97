import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function DncPage() {
  return (
    <Page>
      <PageHeader title="Do-not-call list" />
      <SkeletonLines />
    </Page>
  );
}
