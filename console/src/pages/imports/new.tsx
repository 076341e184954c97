import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function NewImportPage() {
  return (
    <Page>
      <PageHeader title="Upload leads" crumbs={[{ label: "Imports", to: "/imports" }]} />
      <SkeletonLines />
    </Page>
  );
}
