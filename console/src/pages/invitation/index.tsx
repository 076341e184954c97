import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { api, data } from "@/api/client";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { login } from "@/auth/browser";
import { passwordHint, passwordRule } from "@/auth/password-rule";
import { AuthFrame } from "@/shell/auth-frame";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { PasswordInput } from "@/ui/password-input";

const route = getRouteApi("/invitation");

export default function InvitationPage() {
  const { token } = route.useSearch();
  const navigate = useNavigate();
  const acceptance = useMutation({
    mutationFn: (body: Schema<"Acceptance">) => data(api.POST("/api/auth/accept-invitation", { body })),
    meta: { quiet: true },
    onSuccess: (tokens) => {
      login.begin(tokens);
      void navigate({ to: "/" });
    },
  });

  if (!token) {
    return (
      <AuthFrame title="Accept an invitation">
        <Callout tone="warn">This link is not complete. Copy it once more from your invitation.</Callout>
      </AuthFrame>
    );
  }

  const { error } = acceptance;
  return (
    <AuthFrame title="Accept your invitation" description="Choose a password, and you are in.">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          const { name, password } = formValues(event, "name", "password");
          acceptance.mutate({ token, password, ...(name.trim() !== "" && { name }) });
        }}
      >
        {error && <ErrorBox error={error} title="Not accepted" />}
        <Field
          label="Your name"
          hint="Leave it empty to keep what the invitation says."
          error={fieldError(error, "name")}
        >
          <Input name="name" autoComplete="name" maxLength={200} autoFocus />
        </Field>
        <Field label="Password" hint={passwordHint} error={fieldError(error, "password")}>
          <PasswordInput name="password" autoComplete="new-password" required {...passwordRule} />
        </Field>
        <Button type="submit" look="primary" busy={acceptance.isPending}>
          Accept
        </Button>
      </form>
    </AuthFrame>
  );
}
