import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, data, ifMatch, once, type Versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { touches } from "@/live/touches";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { RadioGroup } from "@/ui/radio-group";
import { FormDialog } from "../parts/form-dialog";

type EventKind = Schema<"EventKindWord">;
const KINDS = Object.keys(touches) as EventKind[];

interface EndpointDialogProps {
  /** The one to be changed; none for a new one. */
  was?: Versioned<Schema<"WebhookEndpoint">>;
  onClose: () => void;
  onSaved?: (endpoint: Schema<"WebhookEndpoint">) => void;
}

export function EndpointDialog({ was, onClose, onSaved }: EndpointDialogProps) {
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const [types, setTypes] = useState<readonly EventKind[]>(was?.data.types ?? []);
  const [which, setWhich] = useState<"all" | "some">(types.length === 0 ? "all" : "some");
  const save = useMutation({
    mutationFn: (body: Schema<"EndpointDraft">) =>
      was
        ? data(
            api.PUT("/api/webhook-endpoints/{endpoint_id}", {
              params: { path: { endpoint_id: was.data.id }, header: ifMatch(was.etag) },
              body,
            }),
          )
        : data(api.POST("/api/webhook-endpoints", { params: { header: once(key(body)) }, body })),
    meta: { quiet: true },
    onSuccess: (endpoint) => {
      void queryClient.invalidateQueries({ queryKey: [keys.settings] });
      onClose();
      onSaved?.(endpoint);
    },
  });
  const { error } = save;
  return (
    <FormDialog
      title={was ? "Change the endpoint" : "New webhook endpoint"}
      description={was ? undefined : "It hears of what happens from now on."}
      submit={was ? "Save" : "Make endpoint"}
      busy={save.isPending}
      error={error}
      onSubmit={(event) =>
        save.mutate({
          ...formValues(event, "url", "description"),
          types: which === "all" ? [] : KINDS.filter((kind) => types.includes(kind)),
        })
      }
      onClose={onClose}
    >
      <Field
        label="Address"
        required
        hint="On the open internet, over TLS: https://crm.example.com/warmline"
        error={fieldError(error, "url")}
      >
        <Input name="url" type="url" required defaultValue={was?.data.url} autoFocus autoComplete="off" />
      </Field>
      <Field label="Description" error={fieldError(error, "description")}>
        <Input name="description" maxLength={500} defaultValue={was?.data.description} autoComplete="off" />
      </Field>
      <Field label="Hears of" error={fieldError(error, "types")}>
        <RadioGroup
          value={which}
          onChange={setWhich}
          options={[
            { value: "all", label: "Everything", hint: "New types of events, too." },
            { value: "some", label: "Only these types" },
          ]}
        />
      </Field>
      {which === "some" && (
        <fieldset className="grid gap-2 sm:grid-cols-2">
          <legend className="sr-only">Types of events</legend>
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              checked={types.includes(kind)}
              onChange={(isOn) =>
                setTypes((chosen) => (isOn ? [...chosen, kind] : chosen.filter((one) => one !== kind)))
              }
              label={<span className="font-mono text-xs">{kind}</span>}
            />
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}
