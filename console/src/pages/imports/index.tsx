import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function ImportsPage() {
  return (
    <Page>
      <PageHeader title="Imports" />
      <SkeletonLines />
    </Page>
  );
}
