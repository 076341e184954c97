import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { phoneText } from "@/format/phone";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { callerIdsQuery } from "./caller-ids";

interface CallerIdFieldProps {
  value: string;
  onChange: (phone: string) => void;
  error: string | undefined;
}

/** The number that leads see: one of the organisation's, or any as long as it has none. */
export function CallerIdField({ value, onChange, error }: CallerIdFieldProps) {
  const { data: numbers = [] } = useQuery(callerIdsQuery);
  if (numbers.length === 0)
    return (
      <Field
        label="Caller id"
        required
        error={error}
        hint={
          <>
            The number that leads see, with plus and country code. Your carrier must let you show it. Numbers
            kept in the{" "}
            <Link to="/settings/$section" params={{ section: "caller-ids" }} className="underline">
              settings
            </Link>{" "}
            can be chosen here.
          </>
        }
      >
        <Input
          type="tel"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder="+1 212 555 0100"
        />
      </Field>
    );

  const options = numbers.map(({ phone, label }) => ({
    value: phone,
    label: phoneText(phone),
    ...(label && { hint: label }),
  }));
  // Campaigns from before the first number was kept may show another.
  const isKept = value === "" || numbers.some(({ phone }) => phone === value);
  return (
    <Field label="Caller id" required error={error} hint="The number that leads see.">
      <Select
        value={value === "" ? undefined : value}
        onChange={onChange}
        options={
          isKept
            ? options
            : [{ value, label: phoneText(value), hint: "Not among the caller ids" }, ...options]
        }
        placeholder="Choose a number…"
      />
    </Field>
  );
}
