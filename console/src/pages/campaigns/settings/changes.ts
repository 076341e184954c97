import { phoneText } from "@/format/phone";
import { daysText } from "@/hours/days";
import { type Hours, isOvernight } from "@/hours/hours";
import { countryText } from "@/places/countries";
import { type WordOf, wordOf } from "@/words/words";
import type { CampaignForm } from "./form";

/** One setting, as it was and as it is to be. */
export interface Change {
  key: string;
  label: string;
  before: string;
  after: string;
}

interface Setting {
  key: string;
  label: string;
  show: (form: CampaignForm, name: (id: string) => string | undefined) => string;
}

const seconds = (text: string) => `${text} s`;
const audio = (id: string, name: (id: string) => string | undefined) =>
  id === "" ? "none" : (name(id) ?? id);
const orNone = (text: string, none = "none") => (text.trim() === "" ? none : text);

const setting = (key: string, label: string, show: Setting["show"]): Setting => ({ key, label, show });

const hoursSetting = (key: string, label: string, show: (hours: Hours) => string) =>
  setting(key, label, (form) => show(form.hours));

const SETTINGS: readonly Setting[] = [
  setting("name", "Name", (form) => form.name.trim()),
  setting("group_id", "Agent group", (form, name) => name(form.group_id) ?? form.group_id),
  setting("caller_id", "Caller id", (form) => phoneText(form.caller_id)),
  setting("more_caller_ids", "Other numbers that leads may see", (form) =>
    orNone(form.more_caller_ids.map(phoneText).join(", ")),
  ),
  setting("local_presence", "A number of the lead's own area", (form) =>
    form.local_presence ? "where there is one" : "not sought",
  ),
  setting("default_country", "Country of numbers without a prefix", (form) =>
    countryText(form.default_country),
  ),
  setting("max_concurrent_calls", "Calls at once", (form) => form.max_concurrent_calls),
  hoursSetting("time_zone", "Time zone", (hours) => hours.time_zone),
  hoursSetting("days", "Days", (hours) => daysText(hours.days)),
  hoursSetting(
    "times",
    "Hours",
    (hours) => `${hours.opens}–${hours.closes}${isOvernight(hours) ? " (next day)" : ""}`,
  ),
  hoursSetting("starts_on", "First date", (hours) => orNone(hours.starts_on)),
  hoursSetting("ends_on", "Last date", (hours) => orNone(hours.ends_on)),
  setting("max_attempts", "Calls to one lead at most", (form) => form.max_attempts),
  setting("retry_delay_min", "Wait before calling again", (form) => `${form.retry_delay_min} min`),
  setting("retry_on", "Called again after", (form) => orNone(dispositionsText(form.retry_on), "nothing")),
  setting("ring_timeout_s", "Lead's phone rings", (form) => seconds(form.ring_timeout_s)),
  setting("amd", "Answering-machine detection", (form) =>
    form.detects_machines ? `on, at most ${seconds(form.amd_timeout_s)}` : "off",
  ),
  setting("on_machine", "When a machine answers", (form) =>
    form.on_machine === "hang_up" ? "hang up" : "leave a message",
  ),
  setting("message", "Message", (form) => (form.on_machine === "hang_up" ? "none" : form.message)),
  setting("message_audio_id", "File played as the message", (form, name) =>
    form.on_machine === "hang_up" ? "none" : audio(form.message_audio_id, name),
  ),
  setting("message_audio_url", "Recorded message", (form) =>
    form.on_machine === "hang_up" ? "none" : orNone(form.message_audio_url),
  ),
  setting("opening", "Opening", (form) => orNone(form.opening)),
  setting("opening_audio_id", "File played as the opening", (form, name) =>
    audio(form.opening_audio_id, name),
  ),
  setting("patience_s", "A person waits for an agent", (form) => seconds(form.patience_s)),
  setting("apology", "Apology", (form) => form.apology),
  setting("apology_audio_id", "File played as the apology", (form, name) =>
    audio(form.apology_audio_id, name),
  ),
  setting("agent_ring_timeout_s", "Agent's phone rings", (form) => seconds(form.agent_ring_timeout_s)),
  setting("accept_timeout_s", "Agent has to accept within", (form) => seconds(form.accept_timeout_s)),
  setting("wrap_up_s", "Wrap-up", (form) => seconds(form.wrap_up_s)),
  setting("record", "Recording", (form) => (form.record ? "on" : "off")),
  setting("recording_notice", "Notice of the recording", (form) =>
    form.record ? orNone(form.recording_notice) : "none",
  ),
  setting("recording_notice_audio_id", "File played as the notice", (form, name) =>
    form.record ? audio(form.recording_notice_audio_id, name) : "none",
  ),
  setting("script", "Script", (form) => orNone(form.script)),
];

/** The labels of dispositions, always in the same order. */
export function dispositionsText(words: readonly WordOf<"disposition">[]): string {
  return words
    .map((word) => wordOf("disposition", word).label)
    .sort()
    .join(", ");
}

/** What a form changes, setting by setting, as people read it: `name` says what an id stands for. */
export function changesBetween(
  before: CampaignForm,
  after: CampaignForm,
  name: (id: string) => string | undefined,
): Change[] {
  return SETTINGS.map(({ key, label, show }) => ({
    key,
    label,
    before: show(before, name),
    after: show(after, name),
  })).filter((change) => change.before !== change.after);
}
