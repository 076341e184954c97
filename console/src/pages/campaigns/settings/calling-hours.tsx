import { HoursFields } from "@/hours/hours-fields";
import { Card } from "@/ui/card";
import type { Section } from "./section";

export function CallingHours({ form, set, errors }: Section) {
  return (
    <Card title="When it calls">
      <div className="flex flex-col gap-4">
        <p className="text-muted">
          These hours are on the clock of one time zone. Besides, nobody is called before 08:00 or after 21:00
          where the lead is: the law says so, and it cannot be switched off.
        </p>
        <HoursFields
          hours={form.hours}
          onChange={(hours) => set({ hours })}
          errors={errors.hours ?? {}}
          withDates
        />
      </div>
    </Card>
  );
}
