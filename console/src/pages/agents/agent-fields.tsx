import { useMay } from "@/auth/me";
import { HoursFields } from "@/hours/hours-fields";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { RadioGroup } from "@/ui/radio-group";
import type { AgentErrors, AgentForm } from "./agent-form";
import { GroupTicks } from "./group-ticks";
import { LoginSelect } from "./login-select";

const REACHES = [
  { value: "phone", label: "On the phone" },
  {
    value: "browser",
    label: "In the browser",
    hint: "Calls ring in a softphone that is let in with the agent’s own token. They are missed while it is closed.",
  },
] as const;

interface AgentFieldsProps {
  form: AgentForm;
  set: (part: Partial<AgentForm>) => void;
  errors: AgentErrors;
}

export function AgentFields({ form, set, errors }: AgentFieldsProps) {
  const maySeeUsers = useMay("tenant_admin");
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" required error={errors.name}>
          <Input value={form.name} onChange={(event) => set({ name: event.target.value })} autoFocus />
        </Field>
        <Field
          label="Calls at once"
          error={errors.max_concurrent_calls}
          hint="1 for people who talk on the phone."
        >
          <Input
            inputMode="numeric"
            value={form.max_concurrent_calls}
            onChange={(event) => set({ max_concurrent_calls: event.target.value })}
          />
        </Field>
        <Field
          label="Phone"
          required
          error={errors.phone}
          className="sm:col-span-2"
          hint="With country code. It also rings for whoever takes calls in the browser, where there is no softphone."
        >
          <Input
            value={form.phone}
            onChange={(event) => set({ phone: event.target.value })}
            placeholder="+1 212 555 0150"
          />
        </Field>
      </div>
      <Field label="Takes calls" error={errors.reach}>
        <RadioGroup value={form.reach} onChange={(reach) => set({ reach })} options={REACHES} />
      </Field>
      <GroupTicks
        value={form.group_ids}
        onChange={(group_ids) => set({ group_ids })}
        error={errors.group_ids}
      />
      {maySeeUsers && (
        <LoginSelect value={form.user_id} onChange={(user_id) => set({ user_id })} error={errors.user_id} />
      )}
      <Checkbox
        checked={form.hasHours}
        onChange={(hasHours) => set({ hasHours })}
        label="Has working hours"
        hint="Outside of them no call rings here. Without them it is called whenever it is available."
      />
      {form.hasHours && (
        <HoursFields hours={form.hours} onChange={(hours) => set({ hours })} errors={errors.hours ?? {}} />
      )}
    </div>
  );
}
