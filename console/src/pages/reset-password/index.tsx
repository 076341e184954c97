import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { passwordHint, passwordRule } from "@/auth/password-rule";
import { AuthFrame } from "@/shell/auth-frame";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { PasswordInput } from "@/ui/password-input";

const route = getRouteApi("/reset-password");

export default function ResetPasswordPage() {
  const { token } = route.useSearch();
  const navigate = useNavigate();
  const reset = useMutation({
    mutationFn: (body: Schema<"PasswordReset">) => data(api.POST("/api/auth/reset-password", { body })),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("Your password is changed", { description: "Log in with the new one." });
      void navigate({ to: "/login" });
    },
  });

  if (!token) {
    return (
      <AuthFrame title="Choose a new password">
        <Callout tone="warn">This link is not complete. Copy it once more from the message you got.</Callout>
      </AuthFrame>
    );
  }

  return (
    <AuthFrame title="Choose a new password">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => reset.mutate({ token, ...formValues(event, "password") })}
      >
        {reset.error && <ErrorBox error={reset.error} title="Not changed" />}
        <Field label="New password" hint={passwordHint} error={fieldError(reset.error, "password")}>
          <PasswordInput name="password" autoComplete="new-password" required autoFocus {...passwordRule} />
        </Field>
        <Button type="submit" look="primary" busy={reset.isPending}>
          Change password
        </Button>
      </form>
    </AuthFrame>
  );
}
