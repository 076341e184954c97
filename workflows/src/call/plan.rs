//! The plan: everything about a call that is settled when it is opened.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cadence::Cadence;
use crate::window::CallingWindow;
use crate::{CallId, CampaignId, GroupId, LeadId, TenantId};

/// What a call needs to know of its lead and its campaign, copied when the call is opened.
///
/// A later change of the campaign applies to later calls; this one keeps the rules it began with,
/// so that its journal can be replayed. Do-not-call and the campaign's status are not in here: they
/// are looked up afresh at each gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The organisation.
    pub tenant: TenantId,
    /// This call.
    pub call: CallId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The lead.
    pub lead: LeadId,
    /// The team the agent comes from.
    pub group: GroupId,
    /// When the call was opened.
    pub opened_at: Timestamp,
    /// The how-many-th call to this lead, from 1.
    pub attempt_no: u16,
    /// Attempts that reached the carrier before this one.
    pub attempts_before: u16,
    /// Unguessable; stands in every callback URL of this call.
    pub token: String,
    /// The lead's name as the agent hears it.
    pub lead_name: String,
    /// The lead's number, E.164.
    pub lead_phone: String,
    /// The number shown to the lead, E.164.
    pub caller_id: String,
    /// How the call is conducted.
    pub conduct: Conduct,
    /// When this lead may be called: the campaign's window.
    pub window: CallingWindow,
    /// The candidate time zones of the lead's number.
    pub zones: Vec<String>,
    /// Whether and when the lead is called again.
    pub cadence: Cadence,
}

/// How a campaign's calls are conducted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conduct {
    /// Seconds a lead's phone rings, 15 to 600.
    pub ring_timeout_s: u32,
    /// Seconds answering-machine detection may take, 3 to 59; none switches it off.
    pub amd_timeout_s: Option<u32>,
    /// What to do when a machine answers.
    pub on_machine: OnMachine,
    /// Said as soon as the lead picks up; keep it under two seconds.
    pub opening: Option<String>,
    /// Said when nobody came in time.
    pub apology: String,
    /// Seconds a person may wait for an agent.
    pub patience_s: u32,
    /// Seconds an agent's phone rings.
    pub agent_ring_timeout_s: u32,
    /// Seconds an agent has to press the key after the whisper.
    pub accept_timeout_s: u32,
    /// Seconds of after-call work before the default disposition applies.
    pub wrap_up_s: u32,
    /// Whether the conversation is recorded.
    pub record: bool,
}

/// What to do when a machine answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum OnMachine {
    /// Leave a message after the tone.
    LeaveMessage {
        /// The recorded message; the text is spoken when there is none.
        #[serde(default)]
        audio_url: Option<String>,
        /// The spoken message.
        text: String,
    },
    /// Hang up without a word.
    HangUp,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            ring_timeout_s: 30,
            amd_timeout_s: Some(30),
            on_machine: OnMachine::LeaveMessage {
                audio_url: None,
                text: "Hello, sorry we missed you. We will try to reach you again. Goodbye.".to_owned(),
            },
            opening: None,
            apology: "We are sorry, all of our agents are busy. We will call you back. Goodbye.".to_owned(),
            patience_s: 60,
            agent_ring_timeout_s: 20,
            accept_timeout_s: 10,
            wrap_up_s: 30,
            record: true,
        }
    }
}
