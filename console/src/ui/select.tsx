import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { controlClass } from "./control-class";
import { cx } from "./cx";
import { useField } from "./field";

export interface Option<Value extends string = string> {
  value: Value;
  label: string;
  /** A second line, for what is not plain from the label. */
  hint?: string;
  disabled?: boolean;
}

interface SelectProps<Value extends string> {
  /** Undefined while nothing is chosen. */
  value: Value | undefined;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
  placeholder?: string;
  /** Needed outside a `Field`. */
  "aria-label"?: string;
  disabled?: boolean;
  icon?: ReactNode;
  className?: string;
}

/** One of a few. For "any", give an option with a value such as `any`: the empty text is no value. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onChange, options, placeholder = "Choose…", disabled, icon, className } = props;
  const attributes = useField(props["aria-label"] ? { "aria-label": props["aria-label"] } : {});
  return (
    <Radix.Root value={value ?? ""} onValueChange={(chosen) => onChange(chosen as Value)} disabled={disabled}>
      <Radix.Trigger
        {...attributes}
        className={cx(
          controlClass,
          "inline-flex h-8 items-center justify-between gap-2 text-left data-[placeholder]:text-faint",
          className ?? "w-full",
        )}
      >
        <span className="flex min-w-0 items-center gap-1.5 truncate [&_svg]:size-3.5 [&_svg]:shrink-0">
          {icon}
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-faint" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="appear z-50 max-h-[min(24rem,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) overflow-hidden rounded-lg border border-line bg-surface p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="flex min-h-7 items-center gap-2 rounded px-2 py-1 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover"
              >
                <span className="flex-1">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <span className="block text-xs text-muted">{option.hint}</span>}
                </span>
                <Radix.ItemIndicator>
                  <Check aria-hidden className="size-3.5 text-accent-text" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
