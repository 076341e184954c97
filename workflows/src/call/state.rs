//! States: the conditions a call can be in.

use serde::{Deserialize, Serialize};

use crate::disposition::Disposition;
use crate::{AgentId, Leg};

/// Where the call is in its life. Stored with its name, never with its index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum State {
    /// Waiting for a worker to place the lead leg.
    Queued,
    /// The lead leg is being placed, or rings.
    Dialing,
    /// Answered; detection listens for a machine.
    Amd,
    /// The lead waits in the conference with hold music; an agent is sought.
    Conference,
    /// An agent was reserved and is being called, or hears the whisper.
    AgentWhisper {
        /// The agent's leg.
        leg: Leg,
        /// Who.
        agent: AgentId,
    },
    /// Lead and agent are connected.
    Bridged {
        /// The agent's leg.
        leg: Leg,
        /// Who.
        agent: AgentId,
    },
    /// The voicemail message is being left.
    Voicemail,
    /// The result is known; legs are ending, or the agent does after-call work.
    Closing {
        /// The result to be.
        disposition: Disposition,
        /// The agent whose after-call work is waited for.
        wrap_up: Option<AgentId>,
    },
    /// Over, with its one result.
    Dispositioned {
        /// The result.
        disposition: Disposition,
    },
}

impl State {
    /// Every state's name, in the order of a call's life.
    pub const NAMES: [&'static str; 9] = [
        "queued",
        "dialing",
        "amd",
        "conference",
        "agent_whisper",
        "bridged",
        "voicemail",
        "closing",
        "dispositioned",
    ];

    /// The state's name as it stands in the database.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Dialing => "dialing",
            Self::Amd => "amd",
            Self::Conference => "conference",
            Self::AgentWhisper { .. } => "agent_whisper",
            Self::Bridged { .. } => "bridged",
            Self::Voicemail => "voicemail",
            Self::Closing { .. } => "closing",
            Self::Dispositioned { .. } => "dispositioned",
        }
    }

    /// The call's one result, once it is over.
    #[must_use]
    pub const fn disposition(&self) -> Option<Disposition> {
        match self {
            Self::Dispositioned { disposition } => Some(*disposition),
            _ => None,
        }
    }

    /// Whether nothing more can change.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(self, Self::Dispositioned { .. })
    }
}
