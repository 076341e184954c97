import { CalendarClock } from "lucide-react";
import { localZone } from "@/format/time";
import { serverNow } from "@/live/browser";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { type CallbackDraft, callbackSuggestions, instantOf, problemOf } from "./callback-draft";
import { placeOf } from "./lead-clock";
import { dayAndTime, isLawful } from "./zoned";

interface CallbackProps {
  draft: CallbackDraft;
  zones: readonly string[];
  onChange: (draft: CallbackDraft) => void;
}

/** When the lead wants to be called again, by the lead's clock. */
export function Callback({ draft, zones, onChange }: CallbackProps) {
  const instant = instantOf(draft);
  const problem = problemOf(draft, serverNow());
  const local = localZone();
  const choices = zones.length > 0 ? zones : [local];
  return (
    <fieldset className="flex flex-col gap-3 rounded-md border border-line bg-sunken p-3">
      <legend className="sr-only">Call back</legend>
      <div className="flex flex-wrap gap-1.5">
        {callbackSuggestions(draft.zone, serverNow()).map(({ label, date, time }) => (
          <Button key={label} size="small" onClick={() => onChange({ ...draft, date, time })}>
            {label}
          </Button>
        ))}
      </div>
      <div className="flex flex-wrap items-start gap-3">
        <Field label="Date" className="w-40">
          <Input
            type="date"
            value={draft.date}
            onChange={(event) => onChange({ ...draft, date: event.target.value })}
          />
        </Field>
        <Field label="Time" className="w-36">
          <Input
            type="time"
            value={draft.time}
            onChange={(event) => onChange({ ...draft, time: event.target.value })}
          />
        </Field>
        <Field label={zones.length > 0 ? "Clock of the lead" : "Clock"} className="w-52">
          {choices.length > 1 ? (
            <Select
              value={draft.zone}
              onChange={(zone) => onChange({ ...draft, zone })}
              options={choices.map((zone) => ({ value: zone, label: placeOf(zone) }))}
            />
          ) : (
            <Input readOnly value={placeOf(draft.zone)} />
          )}
        </Field>
      </div>
      {problem ? (
        <p className="text-bad">{problem}</p>
      ) : (
        instant && (
          <p className="flex flex-wrap items-center gap-x-1.5">
            <CalendarClock aria-hidden className="size-3.5 text-muted" />
            <span className="font-medium">{dayAndTime(instant, draft.zone)}</span>
            {draft.zone !== local && (
              <span className="text-muted">· {dayAndTime(instant, local)} on your clock</span>
            )}
          </p>
        )
      )}
      {instant && !problem && !isLawful(instant, zones) && (
        <p className="text-warn">
          Outside 08:00 to 21:00 there: they are called as soon after it as calling hours allow.
        </p>
      )}
    </fieldset>
  );
}
