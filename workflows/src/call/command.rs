//! Commands: what a call wants done by others, in the imperative.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::agent::Reservation;
use crate::words::words;
use crate::{AgentId, CallId, Leg};

/// Something the call wants performed. A worker performs it after the step has committed and
/// reports what came of it as an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Dial a leg. Performed at most once, whatever crashes.
    PlaceLeg {
        /// Which leg.
        leg: Leg,
        /// The number to dial, E.164 or another address the carrier knows; none for the lead's, which stands
        /// in the plan and nowhere else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Reserve the agent of the campaign's group who has been idle longest.
    ReserveAgent {
        /// Agents who were tried for this call already.
        exclude: Vec<AgentId>,
    },
    /// Show how far a reserved agent has come with this call.
    MoveAgent {
        /// Who.
        agent: AgentId,
        /// How far.
        to: Reservation,
    },
    /// Give a reserved agent back to the group.
    ReleaseAgent {
        /// Who.
        agent: AgentId,
        /// On what terms.
        release: Release,
    },
    /// Make a connected leg ask again what it shall do.
    Redirect {
        /// Which leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
    },
    /// Make a leg in the conference held and muted as the call now has it.
    AdjustSound {
        /// Which leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
    },
    /// End a leg, at whatever stage it is.
    HangUp {
        /// Which leg.
        leg: Leg,
        /// The carrier's name for it.
        sid: String,
    },
    /// Ask the carrier what became of a leg; or, when its name is not known, whether it exists.
    CheckLeg {
        /// Which leg.
        leg: Leg,
        /// The carrier's name for it, when we know it.
        sid: Option<String>,
        /// The command that placed it.
        placement: Ordinal,
    },
    /// Take a finished recording over from the carrier.
    FetchRecording {
        /// The carrier's name for the recording.
        recording_sid: String,
        /// Length in seconds.
        duration_s: u32,
    },
}

words! {
    /// On what terms an agent is given back.
    pub enum Release, "release" {
        /// The conversation is over and written up.
        WrappedUp = "wrapped_up",
        /// The agent said no, or hung up on the whisper.
        Declined = "declined",
        /// The agent did not pick up, or did not answer the whisper; most likely nobody is there.
        Missed = "missed",
        /// The lead was gone, or the leg never came about, through no doing of the agent.
        NotNeeded = "not_needed",
    }
}

words! {
    /// The queues that commands wait in; each is scaled by itself.
    pub enum Queue, "queue" {
        /// Placing lead legs, under the limit of calls per second.
        Dial = "dial",
        /// Control of calls in progress; a person is waiting on the line.
        Live = "live",
        /// Recordings and cost.
        Records = "records",
        /// Files of leads.
        Imports = "imports",
        /// Outgoing webhooks.
        Notify = "notify",
    }
}

/// Where in a call's life a command was given: the version of the step and the place within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ordinal {
    /// The version of the call that the step produced.
    pub version: u32,
    /// The place among that step's commands, from 0.
    pub index: u16,
}

/// A command's identity, derived so that the same step always yields the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CommandId {
    /// The call that gave the command.
    pub call: CallId,
    /// Where in its life.
    pub ordinal: Ordinal,
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.call, self.ordinal.version, self.ordinal.index)
    }
}

impl Command {
    /// The command's name as it stands in the outbox and the journal.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PlaceLeg { .. } => "place_leg",
            Self::ReserveAgent { .. } => "reserve_agent",
            Self::MoveAgent { .. } => "move_agent",
            Self::ReleaseAgent { .. } => "release_agent",
            Self::Redirect { .. } => "redirect",
            Self::AdjustSound { .. } => "adjust_sound",
            Self::HangUp { .. } => "hang_up",
            Self::CheckLeg { .. } => "check_leg",
            Self::FetchRecording { .. } => "fetch_recording",
        }
    }

    /// The queue it waits in.
    #[must_use]
    pub const fn queue(&self) -> Queue {
        match self {
            Self::PlaceLeg { leg: Leg::Lead, .. } => Queue::Dial,
            Self::FetchRecording { .. } => Queue::Records,
            Self::PlaceLeg { leg: Leg::Agent(_), .. }
            | Self::ReserveAgent { .. }
            | Self::MoveAgent { .. }
            | Self::ReleaseAgent { .. }
            | Self::Redirect { .. }
            | Self::AdjustSound { .. }
            | Self::HangUp { .. }
            | Self::CheckLeg { .. } => Queue::Live,
        }
    }

    /// The leg it is about, if it is about one.
    #[must_use]
    pub const fn leg(&self) -> Option<Leg> {
        match self {
            Self::PlaceLeg { leg, .. }
            | Self::Redirect { leg, .. }
            | Self::AdjustSound { leg, .. }
            | Self::HangUp { leg, .. }
            | Self::CheckLeg { leg, .. } => Some(*leg),
            Self::ReserveAgent { .. }
            | Self::MoveAgent { .. }
            | Self::ReleaseAgent { .. }
            | Self::FetchRecording { .. } => None,
        }
    }

    /// Whether performing it a second time could ring somebody's phone a second time.
    #[must_use]
    pub const fn is_once_only(&self) -> bool {
        matches!(self, Self::PlaceLeg { .. })
    }
}
