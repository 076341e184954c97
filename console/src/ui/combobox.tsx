import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useState } from "react";
import { controlClass } from "./control-class";
import { cx } from "./cx";
import { useField } from "./field";
import type { Option } from "./select";

interface ComboboxProps {
  value: string | undefined;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
  /** Told what is typed, when the options come from the server. Without it they are filtered here. */
  onSearch?: (text: string) => void;
  "aria-label"?: string;
  disabled?: boolean;
  className?: string;
}

/** One of many, found by typing. */
export function Combobox(props: ComboboxProps) {
  const { value, onChange, options, placeholder = "Choose…", onSearch, disabled, className } = props;
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();

  const wanted = text.trim().toLowerCase();
  const shown = onSearch ? options : options.filter((option) => option.label.toLowerCase().includes(wanted));
  const chosen = options.find((option) => option.value === value);
  // What is chosen stands on the button, so it belongs into its name.
  const label = props["aria-label"] && `${props["aria-label"]}: ${chosen?.label ?? placeholder}`;
  const attributes = useField(label ? { "aria-label": label } : {});

  const type = (typed: string) => {
    setText(typed);
    setAt(0);
    onSearch?.(typed);
  };
  const choose = (option: Option | undefined) => {
    if (!option || option.disabled) return;
    onChange(option.value);
    setOpen(false);
    type("");
  };

  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        // What is required or wrong can be said of a combobox, not of a button.
        role="combobox"
        {...attributes}
        disabled={disabled}
        className={cx(
          controlClass,
          "inline-flex h-8 items-center justify-between gap-2 text-left",
          className ?? "w-full",
        )}
      >
        <span className={cx("truncate", !chosen && "text-faint")}>{chosen?.label ?? placeholder}</span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-faint" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="appear z-50 w-(--radix-popover-trigger-width) min-w-56 overflow-hidden rounded-lg border border-line bg-surface shadow-float"
        >
          <input
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={shown[at] && `${listId}-${at}`}
            aria-label="Type to search"
            placeholder="Type to search"
            value={text}
            onChange={(event) => type(event.target.value)}
            onKeyDown={(event) => {
              const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              if (step) {
                event.preventDefault();
                setAt((was) => Math.max(0, Math.min(shown.length - 1, was + step)));
              } else if (event.key === "Enter") {
                event.preventDefault();
                choose(shown[at]);
              }
            }}
            className="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none placeholder:text-faint"
          />
          <div id={listId} role="listbox" aria-label="Choices" className="max-h-64 overflow-y-auto p-1">
            {shown.length === 0 && <p className="px-2 py-1.5 text-sm text-muted">Nothing found</p>}
            {shown.map((option, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the input, which keeps the focus
              <div
                key={option.value}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={option.value === value}
                aria-disabled={option.disabled}
                ref={(element) => {
                  if (index === at) element?.scrollIntoView?.({ block: "nearest" });
                }}
                onMouseMove={() => setAt(index)}
                onClick={() => choose(option)}
                className={cx(
                  "flex min-h-7 items-center gap-2 rounded px-2 py-1 text-sm",
                  index === at && "bg-hover",
                )}
              >
                <span className="flex-1">
                  {option.label}
                  {option.hint && <span className="block text-xs text-muted">{option.hint}</span>}
                </span>
                {option.value === value && <Check aria-hidden className="size-3.5 text-accent-text" />}
              </div>
            ))}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
