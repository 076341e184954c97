import { RadioGroup as Radix } from "radix-ui";
import { useId } from "react";
import { useField } from "./field";
import type { Option } from "./select";

interface RadioGroupProps<Value extends string> {
  value: Value | undefined;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
  "aria-label"?: string;
}

/** One of two to five, all of them in sight. */
export function RadioGroup<Value extends string>({
  value,
  onChange,
  options,
  ...rest
}: RadioGroupProps<Value>) {
  const id = useId();
  return (
    <Radix.Root
      {...useField(rest)}
      value={value ?? ""}
      onValueChange={(chosen) => onChange(chosen as Value)}
      className="flex flex-col gap-1.5"
    >
      {options.map((option) => (
        <div key={option.value} className="flex items-start gap-2">
          <Radix.Item
            id={`${id}-${option.value}`}
            value={option.value}
            disabled={option.disabled}
            className="relative mt-0.5 inline-flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface after:absolute after:-inset-1 data-[state=checked]:border-accent disabled:opacity-50"
          >
            <Radix.Indicator className="block size-2 rounded-full bg-accent" />
          </Radix.Item>
          <label htmlFor={`${id}-${option.value}`} className="text-sm">
            {option.label}
            {option.hint && <span className="block text-xs text-muted">{option.hint}</span>}
          </label>
        </div>
      ))}
    </Radix.Root>
  );
}
