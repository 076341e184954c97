import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";
import { useField } from "./field";

interface CheckboxProps {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  /** Words beside it; without them, give an `aria-label`. */
  label?: ReactNode;
  hint?: ReactNode;
  "aria-label"?: string;
  disabled?: boolean;
}

export function Checkbox({ checked, onChange, label, hint, disabled, ...rest }: CheckboxProps) {
  const ownId = useId();
  const attributes = useField({ id: ownId, ...rest });
  const box = (
    <Radix.Root
      {...attributes}
      aria-describedby={hint ? `${ownId}-hint` : undefined}
      checked={checked}
      onCheckedChange={(value) => onChange(value === true)}
      disabled={disabled}
      className="relative inline-flex size-4 shrink-0 items-center justify-center rounded border border-control bg-surface after:absolute after:-inset-1 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:opacity-50"
    >
      <Radix.Indicator className="text-on-accent">
        {checked === "indeterminate" ? (
          <Minus aria-hidden className="size-3" />
        ) : (
          <Check aria-hidden className="size-3" />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
  if (label === undefined) return box;
  return (
    <div className="flex items-start gap-2">
      <span className="flex h-5 items-center">{box}</span>
      <div>
        <label htmlFor={ownId} className="text-sm">
          {label}
        </label>
        {hint && (
          <p id={`${ownId}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
