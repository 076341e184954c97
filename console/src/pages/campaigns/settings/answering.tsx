import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { RadioGroup } from "@/ui/radio-group";
import { Textarea } from "@/ui/textarea";
import { AudioField } from "./audio-field";
import { NumberField } from "./number-field";
import type { Section } from "./section";

const ON_MACHINE = [
  { value: "hang_up", label: "Hang up", hint: "Without a word." },
  { value: "leave_message", label: "Leave a message", hint: "After the tone." },
] as const;

/** What happens from the first ring until an agent is on the line. */
export function Answering(section: Section) {
  const { form, set, errors } = section;
  return (
    <Card title="When the lead picks up">
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField {...section} name="ring_timeout_s" label="Lead's phone rings, seconds" unit="s" />
        <NumberField
          {...section}
          name="patience_s"
          label="A person waits for an agent, seconds"
          unit="s"
          hint="Then the apology is said, and the call counts as abandoned."
        />
        <Field
          label="Opening"
          className="sm:col-span-2"
          error={errors.opening}
          hint="Said as soon as the lead picks up; keep it under two seconds. Empty: nothing is said."
        >
          <Textarea
            rows={2}
            value={form.opening}
            onChange={(event) => set({ opening: event.target.value })}
            placeholder="Hello, this is Harbor Brokers on a recorded line."
          />
        </Field>
        <AudioField
          label="File played as the opening"
          className="sm:col-span-2"
          value={form.opening_audio_id}
          onChange={(opening_audio_id) => set({ opening_audio_id })}
          error={errors.opening_audio_id}
          longFrom_s={2}
        />
        <Field
          label="Apology"
          className="sm:col-span-2"
          error={errors.apology}
          hint="Said when nobody came in time."
        >
          <Textarea
            rows={2}
            value={form.apology}
            onChange={(event) => set({ apology: event.target.value })}
          />
        </Field>
        <AudioField
          label="File played as the apology"
          className="sm:col-span-2"
          value={form.apology_audio_id}
          onChange={(apology_audio_id) => set({ apology_audio_id })}
          error={errors.apology_audio_id}
        />
        <div className="sm:col-span-2">
          <Checkbox
            checked={form.detects_machines}
            onChange={(detects_machines) => set({ detects_machines })}
            label="Detect answering machines"
            hint="Without it whatever picks up counts as a person, and goes to an agent."
          />
        </div>
        {form.detects_machines && (
          <>
            <NumberField
              {...section}
              name="amd_timeout_s"
              label="Detection takes at most, seconds"
              unit="s"
            />
            <Field label="When a machine answers">
              <RadioGroup
                value={form.on_machine}
                onChange={(on_machine) => set({ on_machine })}
                options={ON_MACHINE}
              />
            </Field>
            {form.on_machine === "leave_message" && (
              <>
                <Field label="Message" required className="sm:col-span-2" error={errors.message}>
                  <Textarea
                    rows={3}
                    value={form.message}
                    onChange={(event) => set({ message: event.target.value })}
                  />
                </Field>
                <AudioField
                  label="File played as the message"
                  className="sm:col-span-2"
                  value={form.message_audio_id}
                  onChange={(message_audio_id) => set({ message_audio_id })}
                  error={errors.message_audio_id}
                />
                {form.message_audio_id === "" && (
                  <Field
                    label="Recorded message elsewhere"
                    className="sm:col-span-2"
                    error={errors.message_audio_url}
                    hint="The address of a sound file. With it, the file is played and the text above is not spoken."
                  >
                    <Input
                      type="url"
                      value={form.message_audio_url}
                      onChange={(event) => set({ message_audio_url: event.target.value })}
                      placeholder="https://"
                    />
                  </Field>
                )}
              </>
            )}
          </>
        )}
      </div>
    </Card>
  );
}
