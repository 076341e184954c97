import { useNow } from "@/live/use-now";
import { TimeZoneSelect } from "@/places/time-zone-select";
import { timeIn } from "@/places/time-zones";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { DayToggles } from "./day-toggles";
import { type Hours, type HoursErrors, isOvernight } from "./hours";

interface HoursFieldsProps {
  hours: Hours;
  onChange: (hours: Hours) => void;
  errors: HoursErrors;
  /** A time zone to show first. */
  likelyZone?: string;
  /** First and last date, too. */
  withDates?: boolean;
}

/** Hours of the week to be set. */
export function HoursFields({ hours, onChange, errors, likelyZone, withDates = false }: HoursFieldsProps) {
  const now = useNow(10_000);
  const set = (part: Partial<Hours>) => onChange({ ...hours, ...part });
  const time = hours.time_zone && timeIn(hours.time_zone, now);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Time zone"
        required
        error={errors.time_zone}
        hint={time && `It is ${time} there now.`}
        className="sm:col-span-2"
      >
        <TimeZoneSelect
          value={hours.time_zone}
          likely={likelyZone}
          onChange={(time_zone) => set({ time_zone })}
        />
      </Field>
      <div className="flex flex-col gap-1 sm:col-span-2">
        <span className="text-sm font-medium">Days</span>
        <DayToggles days={hours.days} onChange={(days) => set({ days })} />
        {errors.days && (
          <p role="alert" className="text-xs text-bad">
            {errors.days}
          </p>
        )}
      </div>
      <Field label="Opens" required error={errors.opens}>
        <Input type="time" value={hours.opens} onChange={(event) => set({ opens: event.target.value })} />
      </Field>
      <Field
        label="Closes"
        required
        error={errors.closes}
        hint={isOvernight(hours) && !errors.closes ? "On the next day: it runs past midnight." : undefined}
      >
        <Input type="time" value={hours.closes} onChange={(event) => set({ closes: event.target.value })} />
      </Field>
      {withDates && (
        <>
          <Field label="First date" hint="Empty: from now on.">
            <Input
              type="date"
              value={hours.starts_on}
              onChange={(event) => set({ starts_on: event.target.value })}
            />
          </Field>
          <Field label="Last date" hint="Empty: without end." error={errors.ends_on}>
            <Input
              type="date"
              value={hours.ends_on}
              onChange={(event) => set({ ends_on: event.target.value })}
            />
          </Field>
        </>
      )}
    </div>
  );
}
