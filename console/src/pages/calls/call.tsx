import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function CallPage() {
  return (
    <Page>
      <PageHeader title="Call" crumbs={[{ label: "Calls", to: "/calls" }]} />
      <SkeletonLines />
    </Page>
  );
}
