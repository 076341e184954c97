import type { ReactNode } from "react";
import { count } from "@/format/number";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { type NumberField as Name, RANGES } from "./check";
import type { Section } from "./section";

interface NumberFieldProps extends Section {
  name: Name;
  label: string;
  /** What is counted: "s", "min". */
  unit?: string;
  hint?: ReactNode;
}

/** One of a campaign's whole numbers, with the range that the API takes. */
export function NumberField({ form, set, errors, name, label, unit, hint }: NumberFieldProps) {
  const [from, to] = RANGES[name];
  return (
    <Field
      label={label}
      error={errors[name]}
      hint={hint}
      aside={`${count(from)} to ${count(to)}${unit ? ` ${unit}` : ""}`}
    >
      <Input
        inputMode="numeric"
        value={form[name]}
        onChange={(event) => set({ [name]: event.target.value })}
        className="tabular-nums"
      />
    </Field>
  );
}
