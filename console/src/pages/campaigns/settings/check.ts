import { count } from "@/format/number";
import type { HoursErrors } from "@/hours/hours";
import { checkDraft } from "../draft";
import type { CampaignForm } from "./form";

/** What is wrong, by the field it is said at. */
export type FormErrors = Partial<Record<keyof Omit<CampaignForm, "hours">, string>> & { hours?: HoursErrors };

/** The ranges of the API's whole numbers. */
export const RANGES = {
  max_concurrent_calls: [1, 100_000],
  max_attempts: [1, 100],
  retry_delay_min: [1, 527_040],
  ring_timeout_s: [15, 600],
  amd_timeout_s: [3, 59],
  patience_s: [5, 600],
  agent_ring_timeout_s: [5, 120],
  accept_timeout_s: [3, 60],
  wrap_up_s: [0, 3600],
} as const satisfies Partial<Record<keyof CampaignForm, readonly [number, number]>>;

export type NumberField = keyof typeof RANGES;

export const SPOKEN_CHARS_MAX = 3000;
export const SCRIPT_CHARS_MAX = 20_000;

/** What the API would refuse, said before it is asked. */
export function check(form: CampaignForm): FormErrors {
  const errors: FormErrors = checkDraft(form);
  for (const field of Object.keys(RANGES) as NumberField[]) {
    if (field === "amd_timeout_s" && !form.detects_machines) continue;
    const [from, to] = RANGES[field];
    const error = numberError(form[field], from, to);
    if (error) errors[field] = error;
  }
  if (form.on_machine === "leave_message") {
    const error = spokenError(form.message);
    if (error) errors.message = error;
    if (
      form.message_audio_id === "" &&
      form.message_audio_url &&
      !/^https?:\/\/\S+$/.test(form.message_audio_url)
    )
      errors.message_audio_url = "The address of a recording, such as https://example.com/message.mp3.";
  }
  if (length(form.opening) > SPOKEN_CHARS_MAX) errors.opening = tooLong(SPOKEN_CHARS_MAX);
  if (length(form.recording_notice) > SPOKEN_CHARS_MAX) errors.recording_notice = tooLong(SPOKEN_CHARS_MAX);
  const apology = spokenError(form.apology);
  if (apology) errors.apology = apology;
  if (length(form.script) > SCRIPT_CHARS_MAX) errors.script = tooLong(SCRIPT_CHARS_MAX);
  return errors;
}

export function isFine(errors: FormErrors): boolean {
  return Object.keys(errors).length === 0;
}

function numberError(typed: string, from: number, to: number): string | undefined {
  const value = Number(typed);
  if (/^\d+$/.test(typed.trim()) && value >= from && value <= to) return undefined;
  return `A whole number from ${count(from)} to ${count(to)}.`;
}

function spokenError(text: string): string | undefined {
  if (text.trim() === "") return "Write what is said.";
  return length(text) > SPOKEN_CHARS_MAX ? tooLong(SPOKEN_CHARS_MAX) : undefined;
}

const tooLong = (most: number) => `At most ${count(most)} characters.`;

/** In characters as the API counts them: an emoji is one. */
const length = (text: string) => [...text].length;
