import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { serverNow } from "@/live/browser";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { FormDialog } from "../parts/form-dialog";
import { ShownOnce } from "../parts/shown-once";
import { type Scope, scopes, scopeWords } from "./scopes";

const DAY_MS = 24 * 3_600_000;
const LIVES = [
  { value: "90", label: "In 90 days" },
  { value: "30", label: "In 30 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
] as const;

export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<readonly Scope[]>([]);
  const [life, setLife] = useState<(typeof LIVES)[number]["value"]>("90");
  const make = useMutation({
    mutationFn: (body: Schema<"ApiKeyDraft">) => data(api.POST("/api/api-keys", { body })),
    meta: { quiet: true },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: [keys.settings, "api-keys"] }),
  });
  const { error, data: made } = make;
  if (made) {
    return (
      <ShownOnce
        title={`The secret of ${made.name}`}
        description="Copy it now: it is shown this once, and kept nowhere."
        label="Secret"
        value={made.secret}
        hint="Goes into the header of requests: Authorization: Bearer, a space, and the secret."
        onClose={onClose}
      />
    );
  }
  const toggle = (scope: Scope, isOn: boolean) =>
    setChosen((was) => (isOn ? [...was, scope] : was.filter((one) => one !== scope)));
  return (
    <FormDialog
      title="New API key"
      description="Give it no more than the program needs."
      submit="Make key"
      busy={make.isPending}
      error={error}
      onSubmit={(event) =>
        make.mutate({
          ...formValues(event, "name"),
          scopes: scopes.filter((scope) => chosen.includes(scope)),
          ...(life !== "never" && {
            expires_at: new Date(serverNow() + Number(life) * DAY_MS).toISOString(),
          }),
        })
      }
      onClose={onClose}
    >
      <Field label="Name" required hint="What uses it: CRM sync." error={fieldError(error, "name")}>
        <Input name="name" required maxLength={200} autoFocus autoComplete="off" />
      </Field>
      <Field label="Ends" error={fieldError(error, "expires_at")}>
        <Select value={life} onChange={setLife} options={LIVES} />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 flex w-full items-center justify-between text-sm font-medium">
          May
          <Button
            size="small"
            look="quiet"
            onClick={() => setChosen(scopes.filter((scope) => scope.endsWith(":read")))}
          >
            Everything that only reads
          </Button>
        </legend>
        {fieldError(error, "scopes") && <p className="text-xs text-bad">{fieldError(error, "scopes")}</p>}
        <div className="grid gap-2 sm:grid-cols-2">
          {scopes.map((scope) => (
            <Checkbox
              key={scope}
              checked={chosen.includes(scope)}
              onChange={(isOn) => toggle(scope, isOn)}
              label={<span className="font-mono text-xs">{scope}</span>}
              hint={scopeWords[scope]}
            />
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
