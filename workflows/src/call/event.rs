//! Events: everything that can happen to a call, in the past tense.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::disposition::Disposition;
use crate::rules::Reason;
use crate::{AgentId, Ending, Leg, Verdict};

use super::timer::Timer;

/// Something that happened. Events come from webhooks, from workers reporting a command's result,
/// from timers and from operators; they are stored in the journal as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The call was opened for its lead. Always the first event.
    CallOpened,
    /// The carrier accepted the request to dial and named the leg.
    LegPlaced {
        /// The leg that was placed.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
    },
    /// The request to dial left us, and whether the carrier acted on it is not known.
    PlacementInDoubt {
        /// The leg in doubt.
        leg: Leg,
        /// What went wrong on the wire.
        why: String,
    },
    /// A rule forbade the dial at the last moment; nothing was sent.
    PlacementWithheld {
        /// The rule.
        reason: Reason,
    },
    /// The carrier refused to place the leg; asking again would not help.
    LegRefused {
        /// The refused leg.
        leg: Leg,
        /// What kind of refusal.
        refusal: Refusal,
        /// The carrier's error code and words, for people.
        detail: String,
    },
    /// No evidence of the leg within the quiet window: it is taken as never placed.
    PlacementUnconfirmed {
        /// The leg.
        leg: Leg,
    },
    /// The carrier began to dial.
    LegInitiated {
        /// The leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
    },
    /// The phone rings.
    LegRinging {
        /// The leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
    },
    /// Somebody, or something, picked up.
    LegAnswered {
        /// The leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
        /// Set when a rule forbids going on with the lead; decided in the step's transaction.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        denial: Option<Reason>,
    },
    /// The leg is over.
    LegEnded {
        /// The leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
        /// How it ended.
        ending: Ending,
        /// Connected time in seconds; zero when it was never answered.
        duration_s: u32,
    },
    /// The carrier was asked about the leg and had nothing new, or no answer.
    LegCheckInconclusive {
        /// The leg.
        leg: Leg,
    },
    /// Answering-machine detection on the lead leg concluded.
    VerdictReached {
        /// The carrier's name for the lead leg.
        sid: String,
        /// The conclusion.
        verdict: Verdict,
    },
    /// An agent was reserved for this call.
    AgentReserved {
        /// Who.
        agent: AgentId,
        /// The number to call the agent on.
        phone: String,
    },
    /// No agent of the group can take a call now.
    AgentUnavailable,
    /// The agent accepted the lead: by a key, having heard the whisper, or in the console, where that may come before
    /// the phone is picked up.
    AgentAccepted {
        /// The agent's leg.
        leg: Leg,
        /// Where.
        #[serde(default, skip_serializing_if = "Device::is_phone")]
        by: Device,
    },
    /// The agent wants somebody else to take the lead.
    AgentDeclined {
        /// The agent's leg.
        leg: Leg,
    },
    /// Whoever picked up the agent's phone heard the whisper and pressed nothing: nobody, or a machine.
    AgentSilent {
        /// The agent's leg.
        leg: Leg,
    },
    /// The agent puts the lead on hold, or comes back.
    HoldRequested {
        /// Whether the lead is to hear music, and nobody the lead.
        on: bool,
    },
    /// The agent closes its microphone, or opens it.
    MuteRequested {
        /// Whether the lead is not to hear the agent.
        on: bool,
    },
    /// A leg entered the conference.
    ConferenceJoined {
        /// The leg.
        leg: Leg,
        /// The carrier's name for the conference.
        conference_sid: String,
    },
    /// A leg left the conference.
    ConferenceLeft {
        /// The leg.
        leg: Leg,
    },
    /// The conference is over.
    ConferenceEnded,
    /// A recording of the call is complete at the carrier.
    RecordingCompleted {
        /// The carrier's name for the recording.
        recording_sid: String,
        /// Length in seconds.
        duration_s: u32,
    },
    /// The carrier recorded nothing.
    RecordingAbsent,
    /// Somebody with the authority to do so ended the call.
    HangUpRequested {
        /// Why.
        reason: HangUpReason,
    },
    /// The agent finished the after-call work.
    WrapUpFinished {
        /// The agent's own result, when one was chosen.
        disposition: Option<Disposition>,
        /// When the lead asked to be called again, if so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_back_at: Option<Timestamp>,
    },
    /// A timer ran out.
    TimerExpired {
        /// Which.
        timer: Timer,
        /// The version of the call at which it was armed; an older one is stale.
        armed_at: u32,
    },
}

/// Why the carrier will not place a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The number cannot be dialed, ever.
    InvalidNumber,
    /// The number may be dialed some other time, or from some other account.
    NotReachable,
    /// The account, its credentials or its caller id are not in order.
    Account,
    /// The carrier did not understand the request.
    Request,
}

/// Why a call is ended from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HangUpReason {
    /// The number was put on the do-not-call list.
    DoNotCall,
    /// The campaign was stopped.
    CampaignStopped,
    /// A supervisor ended the call.
    Operator,
    /// The organisation may spend no more.
    SpendCapReached,
}

/// What an agent says yes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// A key of the phone; the leg asks what to do next by itself.
    #[default]
    Phone,
    /// The console; the leg has to be told.
    Console,
}

impl Device {
    /// Whether it is the phone. By reference, as serde asks.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    fn is_phone(&self) -> bool {
        *self == Self::Phone
    }
}

impl Event {
    /// The event's name as it stands in the journal.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CallOpened => "call_opened",
            Self::LegPlaced { .. } => "leg_placed",
            Self::PlacementInDoubt { .. } => "placement_in_doubt",
            Self::PlacementWithheld { .. } => "placement_withheld",
            Self::LegRefused { .. } => "leg_refused",
            Self::PlacementUnconfirmed { .. } => "placement_unconfirmed",
            Self::LegInitiated { .. } => "leg_initiated",
            Self::LegRinging { .. } => "leg_ringing",
            Self::LegAnswered { .. } => "leg_answered",
            Self::LegEnded { .. } => "leg_ended",
            Self::LegCheckInconclusive { .. } => "leg_check_inconclusive",
            Self::VerdictReached { .. } => "verdict_reached",
            Self::AgentReserved { .. } => "agent_reserved",
            Self::AgentUnavailable => "agent_unavailable",
            Self::AgentAccepted { .. } => "agent_accepted",
            Self::AgentDeclined { .. } => "agent_declined",
            Self::AgentSilent { .. } => "agent_silent",
            Self::HoldRequested { .. } => "hold_requested",
            Self::MuteRequested { .. } => "mute_requested",
            Self::ConferenceJoined { .. } => "conference_joined",
            Self::ConferenceLeft { .. } => "conference_left",
            Self::ConferenceEnded => "conference_ended",
            Self::RecordingCompleted { .. } => "recording_completed",
            Self::RecordingAbsent => "recording_absent",
            Self::HangUpRequested { .. } => "hang_up_requested",
            Self::WrapUpFinished { .. } => "wrap_up_finished",
            Self::TimerExpired { .. } => "timer_expired",
        }
    }

    /// The carrier's name for the leg that the event speaks of, when it gives one.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        match self {
            Self::LegPlaced { sid, .. }
            | Self::LegInitiated { sid, .. }
            | Self::LegRinging { sid, .. }
            | Self::LegAnswered { sid, .. }
            | Self::LegEnded { sid, .. }
            | Self::VerdictReached { sid, .. } => Some(sid),
            _ => None,
        }
    }
}
