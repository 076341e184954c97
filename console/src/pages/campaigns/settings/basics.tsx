import { CountrySelect } from "@/places/country-select";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { CallerIdField } from "../caller-id-field";
import { GroupSelect } from "../group-select";
import { CallerIdPool } from "./caller-id-pool";
import { NumberField } from "./number-field";
import type { Section } from "./section";

export function Basics(section: Section) {
  const { form, set, errors } = section;
  return (
    <Card title="Who calls">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" required error={errors.name} className="sm:col-span-2">
          <Input value={form.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <GroupSelect
          value={form.group_id}
          onChange={(group_id) => set({ group_id })}
          error={errors.group_id}
        />
        <CallerIdField
          value={form.caller_id}
          onChange={(caller_id) => set({ caller_id })}
          error={errors.caller_id}
        />
        <CallerIdPool {...section} />
        <Field
          label="Country"
          error={errors.default_country}
          hint="Numbers that are written without a country code are read as this country's."
        >
          <CountrySelect
            value={form.default_country}
            onChange={(default_country) => set({ default_country })}
          />
        </Field>
        <NumberField
          {...section}
          name="max_concurrent_calls"
          label="Calls at once"
          hint="Never more than agents can take; the organisation's limit holds, too."
        />
      </div>
    </Card>
  );
}
