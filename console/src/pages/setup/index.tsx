import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, data } from "@/api/client";
import { fieldError } from "@/api/problem";
import { setupQuery } from "@/api/setup";
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

const toLogin = (
  <Link to="/login" className="inline-flex min-h-6 items-center underline underline-offset-3 hover:text-text">
    Log in instead
  </Link>
);

export default function SetupPage() {
  const navigate = useNavigate();
  const { data: setup } = useQuery(setupQuery);
  const registration = useMutation({
    mutationFn: (body: Schema<"Registration">) => data(api.POST("/api/auth/register", { body })),
    meta: { quiet: true },
    onSuccess: (tokens) => {
      login.begin(tokens);
      void navigate({ to: "/" });
    },
  });
  const { error } = registration;

  if (setup && !setup.registration) {
    return (
      <AuthFrame title="Registration is closed" footer={!setup.needs_setup && toLogin}>
        <Callout>
          {setup.needs_setup
            ? "Nobody is here yet. Whoever runs this installation makes the first invitation on the server: warmline admin --email you@example.com"
            : "Ask whoever runs this installation for an invitation."}
        </Callout>
      </AuthFrame>
    );
  }

  return (
    <AuthFrame
      title={setup?.needs_setup ? "Welcome to Warmline" : "Set up an organisation"}
      description="You become its first admin, and can invite the others afterwards."
      footer={!setup?.needs_setup && toLogin}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          const values = formValues(event, "tenant_name", "country", "name", "email", "password");
          registration.mutate({ ...values, country: values.country.toUpperCase() });
        }}
      >
        {error && <ErrorBox error={error} title="Not set up" />}
        <Field label="Organisation" error={fieldError(error, "tenant_name")}>
          <Input name="tenant_name" autoComplete="organization" required maxLength={200} autoFocus />
        </Field>
        <Field
          label="Country"
          hint="Two letters, such as US or DE. At first only numbers of this country are called."
          error={fieldError(error, "country")}
        >
          <Input
            name="country"
            required
            defaultValue="US"
            pattern="[A-Za-z]{2}"
            maxLength={2}
            title="Two letters, such as US"
            className="max-w-20 uppercase"
          />
        </Field>
        <Field label="Your name" error={fieldError(error, "name")}>
          <Input name="name" autoComplete="name" required maxLength={200} />
        </Field>
        <Field label="Email" error={fieldError(error, "email")}>
          <Input name="email" type="email" autoComplete="username" required />
        </Field>
        <Field label="Password" hint={passwordHint} error={fieldError(error, "password")}>
          <PasswordInput name="password" autoComplete="new-password" required {...passwordRule} />
        </Field>
        <Button type="submit" look="primary" busy={registration.isPending}>
          Set up
        </Button>
      </form>
    </AuthFrame>
  );
}
