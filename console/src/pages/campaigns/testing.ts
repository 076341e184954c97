import type { Campaign } from "./campaign-data";

/** A campaign for tests. */
export const aCampaign: Campaign = {
  id: "cmp_1",
  name: "Autumn renewals",
  status: "active",
  group_id: "grp_1",
  caller_id: "+12125550100",
  caller_ids: ["+12125550100"],
  local_presence: false,
  default_country: "US",
  calling_window: { time_zone: "America/New_York", days: ["mon"], opens: "09:00", closes: "17:00" },
  conduct: {
    ring_timeout_s: 30,
    amd_timeout_s: 30,
    on_machine: { action: "leave_message", text: "We missed you.", audio_id: null, audio_url: null },
    opening: null,
    opening_audio_id: null,
    apology: "We are sorry.",
    apology_audio_id: null,
    patience_s: 60,
    agent_ring_timeout_s: 20,
    accept_timeout_s: 10,
    wrap_up_s: 30,
    record: true,
    recording_notice: null,
    recording_notice_audio_id: null,
  },
  cadence: { max_attempts: 3, retry_delay_min: 60, retry_on: ["busy", "no_answer"] },
  max_concurrent_calls: 10,
  script: "",
  created_at: "2026-11-27T12:00:00Z",
};
