import { ApiProblem, fieldError } from "@/api/problem";
import type { FormErrors } from "./check";
import type { CampaignForm } from "./form";

/** Where the form has the API's fields, by the beginning of their names. */
const FIELDS: readonly [string, keyof Omit<CampaignForm, "hours">][] = [
  ["name", "name"],
  ["group_id", "group_id"],
  ["caller_id", "caller_id"],
  ["caller_ids", "caller_id"],
  ["default_country", "default_country"],
  ["max_concurrent_calls", "max_concurrent_calls"],
  ["cadence.max_attempts", "max_attempts"],
  ["cadence.retry_delay_min", "retry_delay_min"],
  ["cadence.retry_on", "retry_on"],
  ["conduct.ring_timeout_s", "ring_timeout_s"],
  ["conduct.amd_timeout_s", "amd_timeout_s"],
  ["conduct.on_machine.audio_id", "message_audio_id"],
  ["conduct.on_machine", "message"],
  ["conduct.opening_audio_id", "opening_audio_id"],
  ["conduct.apology_audio_id", "apology_audio_id"],
  ["conduct.recording_notice_audio_id", "recording_notice_audio_id"],
  ["conduct.opening", "opening"],
  ["conduct.apology", "apology"],
  ["conduct.recording_notice", "recording_notice"],
  ["conduct.patience_s", "patience_s"],
  ["conduct.agent_ring_timeout_s", "agent_ring_timeout_s"],
  ["conduct.accept_timeout_s", "accept_timeout_s"],
  ["conduct.wrap_up_s", "wrap_up_s"],
  ["script", "script"],
];

const HOURS = ["time_zone", "days", "opens", "closes", "ends_on"] as const;

/** What the API refused, at the field that it is about; empty when it is about none that the form has. */
export function refusals(error: unknown): FormErrors {
  if (!(error instanceof ApiProblem)) return {};
  for (const term of HOURS) {
    const sentence = fieldError(error, `calling_window.${term}`);
    if (sentence) return { hours: { [term]: sentence } };
  }
  for (const [field, name] of FIELDS) {
    const sentence = fieldError(error, field);
    if (sentence) return { [name]: sentence };
  }
  return {};
}
