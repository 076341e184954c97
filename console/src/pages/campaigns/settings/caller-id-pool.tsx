import { useQuery } from "@tanstack/react-query";
import { phoneText } from "@/format/phone";
import { Checkbox } from "@/ui/checkbox";
import { callerIdsQuery } from "../caller-ids";
import type { Section } from "./section";

/** The other numbers that leads may see; none to choose as long as the organisation has named no others. */
export function CallerIdPool({ form, set }: Section) {
  const { data: numbers = [] } = useQuery(callerIdsQuery);
  const labels = new Map(numbers.map(({ phone, label }) => [phone, label]));
  // What it shows is there to be taken away, whether or not it is named any more.
  const others = [...new Set([...labels.keys(), ...form.more_caller_ids])].filter(
    (phone) => phone !== form.caller_id,
  );
  if (others.length === 0) return null;
  const tick = (phone: string, isTicked: boolean) =>
    set({
      more_caller_ids: others.filter((one) =>
        one === phone ? isTicked : form.more_caller_ids.includes(one),
      ),
    });
  return (
    <fieldset className="flex flex-col gap-2 sm:col-span-2">
      <legend className="mb-1 text-sm font-medium">Other numbers that leads may see</legend>
      <div className="grid grid-cols-2 gap-2 md:grid-cols-3">
        {others.map((phone) => (
          <Checkbox
            key={phone}
            checked={form.more_caller_ids.includes(phone)}
            onChange={(isTicked) => tick(phone, isTicked)}
            label={phoneText(phone)}
            hint={labels.has(phone) ? labels.get(phone) : "Not among the caller ids"}
          />
        ))}
      </div>
      <p className="text-xs text-muted">
        The number that was shown least today goes first. When all have made their calls for the day, nobody
        is called before the next.
      </p>
      <Checkbox
        checked={form.local_presence}
        onChange={(local_presence) => set({ local_presence })}
        label="Leads see a number of their own area"
        hint="By area code, where one with calls left is among these numbers."
      />
    </fieldset>
  );
}
