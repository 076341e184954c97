import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { type WordOf, wordOf } from "@/words/words";
import { NumberField } from "./number-field";
import type { Section } from "./section";

/** Whoever answered, has no such number or said no is never called again, whatever a campaign says. */
const RETRYABLE: readonly WordOf<"disposition">[] = [
  "no_answer",
  "busy",
  "failed",
  "canceled",
  "abandoned",
  "unconfirmed",
  "voicemail",
  "fax",
  "hung_up",
];

export function CallingAgain(section: Section) {
  const { form, set, errors } = section;
  const tick = (word: WordOf<"disposition">, isTicked: boolean) =>
    set({
      retry_on: RETRYABLE.filter((one) => (one === word ? isTicked : form.retry_on.includes(one))),
    });
  return (
    <Card title="Calling again">
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          {...section}
          name="max_attempts"
          label="Calls to one lead at most"
          hint="The first one counts."
        />
        <NumberField
          {...section}
          name="retry_delay_min"
          label="Minutes before calling again"
          unit="min"
          hint="From the end of a call; the next one waits for calling hours, too."
        />
        <fieldset className="flex flex-col gap-2 sm:col-span-2">
          <legend className="mb-1 text-sm font-medium">Call again after</legend>
          <div className="grid grid-cols-2 gap-2 md:grid-cols-3">
            {RETRYABLE.map((word) => (
              <Checkbox
                key={word}
                checked={form.retry_on.includes(word)}
                onChange={(isTicked) => tick(word, isTicked)}
                label={wordOf("disposition", word).label}
              />
            ))}
          </div>
          {errors.retry_on && <p className="text-xs text-bad">{errors.retry_on}</p>}
          <p className="text-xs text-muted">
            Leads who talked with an agent, asked not to be called, or have no valid number are never called
            again.
          </p>
        </fieldset>
      </div>
    </Card>
  );
}
