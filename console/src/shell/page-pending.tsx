import { Page } from "@/ui/page";
import { Skeleton, SkeletonLines } from "@/ui/skeleton";

/** What is shown while a page is on its way. */
export function PagePending() {
  return (
    <Page>
      <Skeleton className="h-7 w-48" />
      <SkeletonLines lines={5} />
    </Page>
  );
}
