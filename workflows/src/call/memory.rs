//! The memory of a call: what it keeps between two events, besides its state.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rules::Reason;
use crate::{AgentId, Leg, Verdict};

use super::legs::Legs;
use super::timer::Timers;

/// What a call remembers besides its state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The telephone connections.
    pub legs: Legs,
    /// The armed timers.
    pub timers: Timers,
    /// What detection concluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// When a person on the lead leg began to wait for an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Timestamp>,
    /// When lead and agent were connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bridged_at: Option<Timestamp>,
    /// When the conversation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parted_at: Option<Timestamp>,
    /// When the call was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// The agent who talked with the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// The leg of an agent who accepted before picking up the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_leg: Option<Leg>,
    /// Whether the lead is on hold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_held: bool,
    /// Whether the agent's microphone is closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_muted: bool,
    /// When the lead asked to be called again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_back_at: Option<Timestamp>,
    /// The carrier's name for the conference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conference_sid: Option<String>,
    /// The rule that withheld the dial or ended the call at the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial: Option<Reason>,
    /// The agents who were offered this call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<AgentId>,
    /// How often the closing legs were checked; spaces the checks out.
    #[serde(default)]
    pub closing_checks: u32,
}
