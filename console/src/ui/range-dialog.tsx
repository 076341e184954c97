import { useState } from "react";
import type { Zone } from "@/format/time";
import { serverNow } from "@/live/browser";
import { addDays, dayOf, startOfDay } from "@/url/days";
import type { Range } from "@/url/range";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { formValues } from "./form-values";
import { Input } from "./input";

interface RangeDialogProps {
  range: Range;
  zone: Zone;
  onChange: (range: Range) => void;
  onClose: () => void;
}

/** From one day to another. Loaded when somebody wants to choose. */
export default function RangeDialog({ range, zone, onChange, onClose }: RangeDialogProps) {
  const today = dayOf(new Date(serverNow()), zone);
  const [error, setError] = useState<string>();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Choose dates"
      description={zone === "local" ? "Both days are included." : `Both days are included, in ${zone}.`}
    >
      <form
        className="flex flex-col gap-4 pb-4"
        onSubmit={(event) => {
          const { first, last } = formValues(event, "first", "last");
          if (first > last) {
            setError("The last day comes before the first.");
            return;
          }
          onChange({ from: startOfDay(first, zone), to: startOfDay(addDays(last, 1), zone) });
          onClose();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="First day">
            <Input
              type="date"
              name="first"
              required
              defaultValue={range.from ? dayOf(new Date(range.from), zone) : addDays(today, -6)}
            />
          </Field>
          <Field label="Last day" error={error}>
            <Input
              type="date"
              name="last"
              required
              defaultValue={range.to ? dayOf(new Date(Date.parse(range.to) - 1), zone) : today}
            />
          </Field>
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Show these days
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
