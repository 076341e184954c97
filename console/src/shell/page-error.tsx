import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorBox } from "@/ui/error-box";
import { Page } from "@/ui/page";

/** What a page shows that failed as a whole. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Page narrow>
      <ErrorBox
        error={error}
        title="This page could not be shown"
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
