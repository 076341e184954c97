import type { ReactNode } from "react";
import { fieldError } from "@/api/problem";
import { TimeZoneSelect } from "@/places/time-zone-select";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { Textarea } from "@/ui/textarea";
import { optionsOf } from "@/words/words";
import type { LeadTexts } from "./texts";

interface LeadFieldsProps {
  texts: LeadTexts;
  onChange: (some: Partial<LeadTexts>) => void;
  /** The refusal, whose field is marked. */
  error: unknown;
  phoneHint?: string;
  zoneHint?: string;
  /** Stands behind the number. */
  children?: ReactNode;
}

/** What is known of a person, to be filled in. */
export function LeadFields({ texts, onChange, error, phoneHint, zoneHint, children }: LeadFieldsProps) {
  const input = (name: keyof LeadTexts, most: number) => ({
    value: texts[name],
    maxLength: most,
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="First name" error={fieldError(error, "first_name")}>
        <Input {...input("first_name", 200)} autoFocus />
      </Field>
      <Field label="Last name" error={fieldError(error, "last_name")}>
        <Input {...input("last_name", 200)} />
      </Field>
      <Field label="Phone" required hint={phoneHint} error={fieldError(error, "phone")}>
        <Input {...input("phone", 64)} type="tel" required />
      </Field>
      {children}
      <Field label="Email" error={fieldError(error, "email")}>
        <Input {...input("email", 254)} inputMode="email" />
      </Field>
      <Field label="Time zone" hint={zoneHint} error={fieldError(error, "time_zone")}>
        <TimeZoneSelect
          value={texts.time_zone || undefined}
          onChange={(time_zone) => onChange({ time_zone })}
        />
      </Field>
      <Field label="Priority" error={fieldError(error, "priority")}>
        <Select
          value={texts.priority}
          options={optionsOf("priority")}
          onChange={(priority) => onChange({ priority })}
        />
      </Field>
      <Field label="Type" hint="In your own words, such as broker." error={fieldError(error, "type")}>
        <Input {...input("type", 100)} />
      </Field>
      <Field label="Notes" className="sm:col-span-2" error={fieldError(error, "notes")}>
        <Textarea {...input("notes", 10_000)} rows={3} />
      </Field>
    </div>
  );
}
