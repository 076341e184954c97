import { count } from "@/format/number";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { Field } from "@/ui/field";
import { Textarea } from "@/ui/textarea";
import { AudioField } from "./audio-field";
import { SCRIPT_CHARS_MAX } from "./check";
import type { CampaignForm } from "./form";
import { NumberField } from "./number-field";
import type { Section } from "./section";

/** Whether nothing is said before lead and agent talk. */
function tellsNothing(form: CampaignForm): boolean {
  const told = [form.opening, form.opening_audio_id, form.recording_notice, form.recording_notice_audio_id];
  return told.every((text) => text.trim() === "");
}

/** What agents have to do with it. */
export function AgentsPart(section: Section) {
  const { form, set, errors } = section;
  return (
    <Card title="For the agent">
      <div className="grid gap-4 sm:grid-cols-3">
        <NumberField
          {...section}
          name="agent_ring_timeout_s"
          label="Phone rings, seconds"
          unit="s"
          hint="Then the next agent is asked."
        />
        <NumberField
          {...section}
          name="accept_timeout_s"
          label="Accepts within, seconds"
          unit="s"
          hint="After hearing who it is."
        />
        <NumberField
          {...section}
          name="wrap_up_s"
          label="Wrap-up, seconds"
          unit="s"
          hint="To write the call up. 0: none."
        />
        <div className="flex flex-col gap-3 sm:col-span-3">
          <Checkbox
            checked={form.record}
            onChange={(record) => set({ record })}
            label="Record conversations"
            hint="From when lead and agent are connected."
          />
          {form.record && tellsNothing(form) && (
            <Callout tone="warn" title="Nobody tells the lead that the call is recorded">
              In many places the law asks for it: say so below.
            </Callout>
          )}
        </div>
        {form.record && (
          <>
            <Field
              label="Notice of the recording"
              className="sm:col-span-3"
              error={errors.recording_notice}
              hint="Said to whoever picked up, before the agent is there. Empty: nothing is said."
            >
              <Textarea
                rows={2}
                value={form.recording_notice}
                onChange={(event) => set({ recording_notice: event.target.value })}
                placeholder="This call is recorded."
              />
            </Field>
            <AudioField
              label="File played as the notice"
              className="sm:col-span-3"
              value={form.recording_notice_audio_id}
              onChange={(recording_notice_audio_id) => set({ recording_notice_audio_id })}
              error={errors.recording_notice_audio_id}
            />
          </>
        )}
        <Field
          label="Script"
          className="sm:col-span-3"
          error={errors.script}
          hint="What agents read from while they talk."
          aside={`${count(form.script.length)} of ${count(SCRIPT_CHARS_MAX)}`}
        >
          <Textarea rows={10} value={form.script} onChange={(event) => set({ script: event.target.value })} />
        </Field>
      </div>
    </Card>
  );
}
