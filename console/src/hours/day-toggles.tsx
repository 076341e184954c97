import { cx } from "@/ui/cx";
import { DAYS, type Day, dayLabels } from "./days";

interface DayTogglesProps {
  days: readonly Day[];
  onChange: (days: Day[]) => void;
  disabled?: boolean;
}

/** The days of the week, each a button that is pressed or not. */
export function DayToggles({ days, onChange, disabled }: DayTogglesProps) {
  const toggle = (day: Day) =>
    onChange(DAYS.filter((one) => (one === day ? !days.includes(one) : days.includes(one))));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend of its own; the field has the name
    <div role="group" aria-label="Days of the week" className="flex flex-wrap gap-1">
      {DAYS.map((day) => (
        <button
          key={day}
          type="button"
          aria-pressed={days.includes(day)}
          disabled={disabled}
          onClick={() => toggle(day)}
          className={cx(
            "h-8 min-w-11 rounded-md border px-2 text-sm disabled:opacity-60",
            days.includes(day)
              ? "border-accent bg-accent-soft font-medium text-accent-text"
              : "border-control bg-surface text-muted hover:border-muted",
          )}
        >
          {dayLabels[day]}
        </button>
      ))}
    </div>
  );
}
