import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { passwordHint, passwordRule } from "@/auth/password-rule";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { PasswordInput } from "@/ui/password-input";

export function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (body: Schema<"PasswordChange">) => data(api.PUT("/api/auth/password", { body })),
    meta: { quiet: true },
    onSuccess: () => {
      form.current?.reset();
      toast.success("Your password is changed");
    },
  });
  const { error } = change;
  return (
    <Card title="Password">
      <form
        ref={form}
        className="flex max-w-sm flex-col gap-4"
        onSubmit={(event) => change.mutate(formValues(event, "old_password", "new_password"))}
      >
        {error && <ErrorBox error={error} title="Not changed" />}
        <Field label="Password until now" error={fieldError(error, "old_password")}>
          <PasswordInput name="old_password" autoComplete="current-password" required />
        </Field>
        <Field label="New password" hint={passwordHint} error={fieldError(error, "new_password")}>
          <PasswordInput name="new_password" autoComplete="new-password" required {...passwordRule} />
        </Field>
        <div>
          <Button type="submit" look="primary" busy={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
