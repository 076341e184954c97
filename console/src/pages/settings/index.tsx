import { getRouteApi } from "@tanstack/react-router";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";
import { SkeletonLines } from "@/ui/skeleton";
import { sections } from "./sections";

const route = getRouteApi("/inside/settings/$section");

export default function SettingsPage() {
  const { section } = route.useParams();
  return (
    <Page>
      <PageHeader title={sections.find(({ id }) => id === section)?.label ?? "Settings"} />
      <SkeletonLines />
    </Page>
  );
}
