import type { Schema } from "@/api/types";
import { e164Of } from "@/format/e164";
import { type Hours, hoursOf, termsOf } from "@/hours/hours";
import type { WordOf } from "@/words/words";
import type { Campaign } from "../campaign-data";

type Disposition = WordOf<"disposition">;

/** Everything that can be set of a campaign, as its form holds it: numbers as they are typed. */
export interface CampaignForm {
  name: string;
  group_id: string;
  caller_id: string;
  /** What it shows besides. */
  more_caller_ids: string[];
  local_presence: boolean;
  default_country: string;
  max_concurrent_calls: string;
  hours: Hours;
  max_attempts: string;
  retry_delay_min: string;
  retry_on: Disposition[];
  ring_timeout_s: string;
  detects_machines: boolean;
  amd_timeout_s: string;
  on_machine: "hang_up" | "leave_message";
  message: string;
  message_audio_id: string;
  message_audio_url: string;
  opening: string;
  opening_audio_id: string;
  apology: string;
  apology_audio_id: string;
  patience_s: string;
  agent_ring_timeout_s: string;
  accept_timeout_s: string;
  wrap_up_s: string;
  record: boolean;
  recording_notice: string;
  recording_notice_audio_id: string;
  script: string;
}

/** What the API has where nothing is said; a campaign as it is read always says it. */
const AMD_TIMEOUT_S = 30;

export function formOf(campaign: Campaign): CampaignForm {
  const { conduct, cadence } = campaign;
  const machine = conduct.on_machine;
  const leaves = machine?.action === "leave_message" ? machine : undefined;
  return {
    name: campaign.name,
    group_id: campaign.group_id,
    caller_id: campaign.caller_id,
    more_caller_ids: campaign.caller_ids.slice(1),
    local_presence: campaign.local_presence,
    default_country: campaign.default_country,
    max_concurrent_calls: String(campaign.max_concurrent_calls),
    hours: hoursOf(campaign.calling_window),
    max_attempts: text(cadence.max_attempts),
    retry_delay_min: text(cadence.retry_delay_min),
    retry_on: [...(cadence.retry_on ?? [])],
    ring_timeout_s: text(conduct.ring_timeout_s),
    detects_machines: typeof conduct.amd_timeout_s === "number",
    amd_timeout_s: text(conduct.amd_timeout_s ?? AMD_TIMEOUT_S),
    on_machine: leaves ? "leave_message" : "hang_up",
    message: leaves?.text ?? "",
    message_audio_id: leaves?.audio_id ?? "",
    message_audio_url: leaves?.audio_url ?? "",
    opening: conduct.opening ?? "",
    opening_audio_id: conduct.opening_audio_id ?? "",
    apology: conduct.apology ?? "",
    apology_audio_id: conduct.apology_audio_id ?? "",
    patience_s: text(conduct.patience_s),
    agent_ring_timeout_s: text(conduct.agent_ring_timeout_s),
    accept_timeout_s: text(conduct.accept_timeout_s),
    wrap_up_s: text(conduct.wrap_up_s),
    record: conduct.record ?? true,
    recording_notice: conduct.recording_notice ?? "",
    recording_notice_audio_id: conduct.recording_notice_audio_id ?? "",
    script: campaign.script,
  };
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** The form as the API takes it. */
export function bodyOf(form: CampaignForm): Schema<"CampaignChange"> {
  const main = e164Of(form.caller_id) ?? form.caller_id;
  return {
    name: form.name.trim(),
    group_id: form.group_id,
    caller_ids: [main, ...form.more_caller_ids.filter((phone) => phone !== main)],
    local_presence: form.local_presence,
    default_country: form.default_country,
    max_concurrent_calls: Number(form.max_concurrent_calls),
    calling_window: termsOf(form.hours),
    cadence: {
      max_attempts: Number(form.max_attempts),
      retry_delay_min: Number(form.retry_delay_min),
      retry_on: form.retry_on,
    },
    conduct: {
      ring_timeout_s: Number(form.ring_timeout_s),
      amd_timeout_s: form.detects_machines ? Number(form.amd_timeout_s) : null,
      on_machine:
        form.on_machine === "hang_up"
          ? { action: "hang_up" }
          : {
              action: "leave_message",
              text: form.message,
              audio_id: form.message_audio_id || null,
              audio_url: form.message_audio_url || null,
            },
      opening: form.opening.trim() === "" ? null : form.opening,
      opening_audio_id: form.opening_audio_id || null,
      apology: form.apology,
      apology_audio_id: form.apology_audio_id || null,
      patience_s: Number(form.patience_s),
      agent_ring_timeout_s: Number(form.agent_ring_timeout_s),
      accept_timeout_s: Number(form.accept_timeout_s),
      wrap_up_s: Number(form.wrap_up_s),
      record: form.record,
      recording_notice: form.recording_notice.trim() === "" ? null : form.recording_notice,
      recording_notice_audio_id: form.recording_notice_audio_id || null,
    },
    script: form.script,
  };
}

/** What to send of a form: the parts that are not as they were. */
export function changedPart(before: CampaignForm, after: CampaignForm): Schema<"CampaignChange"> {
  const was: Record<string, unknown> = bodyOf(before);
  return Object.fromEntries(
    Object.entries(bodyOf(after)).filter(
      ([part, value]) => JSON.stringify(value) !== JSON.stringify(was[part]),
    ),
  );
}
