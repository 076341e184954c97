import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function AgentsPage() {
  return (
    <Page>
      <PageHeader title="Agents" />
      <SkeletonLines />
    </Page>
  );
}
