import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";
import { PageHeader } from "@/ui/page-header";

/** What a page shows that failed as a whole. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Page narrow>
      <PageHeader title="This page could not be shown" />
      <ErrorBox
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
