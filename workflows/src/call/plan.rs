//! The plan: everything about a call that is settled when it is opened.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cadence::Cadence;
use crate::window::CallingWindow;
use crate::{AudioId, CallId, CampaignId, CarrierId, GroupId, LeadId, TenantId};

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
    /// The lead's name as the agent hears it. Personal: stored apart from the plan, and empty once erased.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lead_name: String,
    /// The lead's number, E.164. Personal, as the name is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lead_phone: String,
    /// The organisation's own carrier account that all legs are placed on; none for the installation's. A later
    /// change of account does not move a call: what it left at the carrier is there and nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<CarrierId>,
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
    /// Played instead of the opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_audio_id: Option<AudioId>,
    /// Said when nobody came in time.
    pub apology: String,
    /// Played instead of the apology.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apology_audio_id: Option<AudioId>,
    /// Seconds a person may wait for an agent, 5 to 600.
    pub patience_s: u32,
    /// Seconds an agent's phone rings, 5 to 120.
    pub agent_ring_timeout_s: u32,
    /// Seconds an agent has to press the key after the whisper, 3 to 60.
    pub accept_timeout_s: u32,
    /// Seconds of after-call work before the default disposition applies, 0 to 3600.
    pub wrap_up_s: u32,
    /// Whether the conversation is recorded.
    pub record: bool,
    /// Said to a person who picked up, before the agent is there, when the conversation is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording_notice: Option<String>,
    /// Played instead of the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording_notice_audio_id: Option<AudioId>,
}

/// Why calls cannot be conducted so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct InvalidConduct {
    /// The field that is wrong.
    pub field: &'static str,
    /// What is expected.
    pub why: String,
}

/// Characters of a text that is spoken; the carrier takes no more.
const SPOKEN_CHARS_MAX: usize = 3000;

impl Conduct {
    /// Whether calls can be conducted so.
    ///
    /// # Errors
    /// The first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConduct> {
        for (field, value, range) in [
            ("ring_timeout_s", self.ring_timeout_s, 15..=600),
            ("amd_timeout_s", self.amd_timeout_s.unwrap_or(3), 3..=59),
            ("patience_s", self.patience_s, 5..=600),
            ("agent_ring_timeout_s", self.agent_ring_timeout_s, 5..=120),
            ("accept_timeout_s", self.accept_timeout_s, 3..=60),
            ("wrap_up_s", self.wrap_up_s, 0..=3600),
        ] {
            if !range.contains(&value) {
                let why = format!("expected {} to {} seconds, got {value}", range.start(), range.end());
                return Err(InvalidConduct { field, why });
            }
        }
        let message = match &self.on_machine {
            OnMachine::LeaveMessage { text, .. } => Some(text.as_str()),
            OnMachine::HangUp => None,
        };
        for (field, text) in [
            ("opening", self.opening.as_deref()),
            ("apology", Some(self.apology.as_str())),
            ("recording_notice", self.recording_notice.as_deref()),
            ("on_machine.text", message),
        ] {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.chars().count() > SPOKEN_CHARS_MAX {
                let why = format!("expected a text of 1 to {SPOKEN_CHARS_MAX} characters to be spoken");
                return Err(InvalidConduct { field, why });
            }
        }
        Ok(())
    }

    /// The audio files that its calls play, each with the field that names it.
    pub fn audio(&self) -> impl Iterator<Item = (&'static str, AudioId)> {
        let message = match self.on_machine {
            OnMachine::LeaveMessage { audio_id, .. } => audio_id,
            OnMachine::HangUp => None,
        };
        [
            ("conduct.opening_audio_id", self.opening_audio_id),
            ("conduct.apology_audio_id", self.apology_audio_id),
            ("conduct.recording_notice_audio_id", self.recording_notice_audio_id),
            ("conduct.on_machine.audio_id", message),
        ]
        .into_iter()
        .filter_map(|(field, audio)| Some((field, audio?)))
    }
}

/// What to do when a machine answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum OnMachine {
    /// Leave a message after the tone.
    LeaveMessage {
        /// The organisation's audio file that is played; with one, neither of the others matters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audio_id: Option<AudioId>,
        /// The address of a recorded message elsewhere; the text is spoken when there is none.
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
                audio_id: None,
                audio_url: None,
                text: "Hello, sorry we missed you. We will try to reach you again. Goodbye.".to_owned(),
            },
            opening: None,
            opening_audio_id: None,
            apology: "We are sorry, all of our agents are busy. We will call you back. Goodbye.".to_owned(),
            apology_audio_id: None,
            patience_s: 60,
            agent_ring_timeout_s: 20,
            accept_timeout_s: 10,
            wrap_up_s: 30,
            record: true,
            recording_notice: None,
            recording_notice_audio_id: None,
        }
    }
}
