import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function ImportPage() {
  return (
    <Page>
      <PageHeader title="Import" crumbs={[{ label: "Imports", to: "/imports" }]} />
      <SkeletonLines />
    </Page>
  );
}
