import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";

export default function AgentPage() {
  return (
    <Page>
      <PageHeader title="Agent" crumbs={[{ label: "Agents", to: "/agents" }]} />
      <SkeletonLines />
    </Page>
  );
}
