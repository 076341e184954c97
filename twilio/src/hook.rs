//! The paths at which the carrier calls us.

use warmline_workflows::Leg;

use crate::words::words;

/// What every path starts with, after the public base URL.
pub(crate) const ROOT: &str = "/webhooks/twilio/";

words! {
    /// One of our webhook addresses; the word is the last segment of its path.
    pub enum Hook {
        /// What the lead leg should do now: at the answer, after a redirect, after the conference.
        Answer = "answer",
        /// The verdict of answering-machine detection.
        Amd = "amd",
        /// A leg's status changed.
        Status = "status",
        /// What an agent leg should do now.
        AgentAnswer = "agent-answer",
        /// The agent pressed a key, or none in time.
        AgentAccept = "agent-accept",
        /// Somebody entered or left the conference.
        ConferenceStatus = "conference-status",
        /// A recording began, is ready, or came to nothing.
        Recording = "recording",
        /// What a participant hears while waiting for the other.
        Wait = "wait",
        /// What a leg hears when our own document could not be had.
        Fallback = "fallback",
    }
}

impl Hook {
    /// The address that tells a leg what to do.
    #[must_use]
    pub const fn voice(leg: Leg) -> Self {
        match leg {
            Leg::Lead => Self::Answer,
            Leg::Agent(_) => Self::AgentAnswer,
        }
    }

    /// The path under the public base URL, from its leading slash: `/webhooks/twilio/answer`.
    #[must_use]
    pub fn path(self) -> String {
        format!("{ROOT}{self}")
    }
}
