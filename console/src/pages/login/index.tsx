import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/api/client";
import { asProblem, fieldError } from "@/api/problem";
import { setupQuery } from "@/api/setup";
import type { Schema } from "@/api/types";
import { login } from "@/auth/browser";
import { tenantsNamed } from "@/auth/several-tenants";
import { wantedPath } from "@/auth/wanted";
import { AuthFrame } from "@/shell/auth-frame";
import { Button } from "@/ui/button";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { PasswordInput } from "@/ui/password-input";

const route = getRouteApi("/login");

export default function LoginPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const { data: setup } = useQuery(setupQuery);
  const [shown, setShown] = useState<Schema<"Credentials"> | null>(null);
  const attempt = useMutation({
    mutationFn: (credentials: Schema<"Credentials">) =>
      data(api.POST("/api/auth/login", { body: credentials })),
    meta: { quiet: true },
    onSuccess: (tokens) => {
      login.begin(tokens);
      router.history.push(wantedPath(next) ?? "/");
    },
  });

  const problem = attempt.error && asProblem(attempt.error);
  const tenants = problem?.code === "several_tenants" ? tenantsNamed(problem.detail) : [];

  if (shown && tenants.length > 0) {
    return (
      <AuthFrame title="Choose the organisation" description={`${shown.email} is known in several.`}>
        <ul className="flex flex-col gap-2">
          {tenants.map(({ id, name }) => (
            <li key={id}>
              <Button
                icon={<Building2 aria-hidden />}
                className="h-10 w-full justify-start!"
                disabled={attempt.isPending}
                onClick={() => attempt.mutate({ ...shown, tenant_id: id })}
              >
                {name}
              </Button>
            </li>
          ))}
        </ul>
        <Button look="quiet" onClick={() => attempt.reset()}>
          Another address
        </Button>
      </AuthFrame>
    );
  }

  return (
    <AuthFrame
      title="Log in"
      footer={
        setup?.registration && (
          <Link
            to="/setup"
            className="inline-flex min-h-6 items-center underline underline-offset-3 hover:text-text"
          >
            Set up a new organisation
          </Link>
        )
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          const credentials = formValues(event, "email", "password");
          setShown(credentials);
          attempt.mutate(credentials);
        }}
      >
        {problem && <ErrorBox error={problem} title="Not logged in" />}
        <Field label="Email" error={fieldError(problem, "email")}>
          <Input
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            defaultValue={shown?.email}
          />
        </Field>
        <Field
          label="Password"
          error={fieldError(problem, "password")}
          hint="Forgotten? An admin of your organisation can send you a link for a new one."
        >
          <PasswordInput name="password" autoComplete="current-password" required />
        </Field>
        <Button type="submit" look="primary" busy={attempt.isPending}>
          Log in
        </Button>
      </form>
    </AuthFrame>
  );
}
