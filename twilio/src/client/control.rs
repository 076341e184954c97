//! Steering a leg that exists, and the closed set of what can come of it.

use std::time::Duration;

use super::exchange::Outcome;
use super::refusal::{Failure, Refusal};

/// The call is not in a state to be changed.
const OVER: u32 = 21220;

/// What came of redirecting or ending a leg. Both may be repeated: the second time changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// The carrier does it.
    Done,
    /// The leg was over before: we lost the race to a hang-up. One placed a moment ago may look the
    /// same, since the carrier may not find it yet; its callbacks tell.
    AlreadyOver,
    /// It may or may not have been done: repeat it.
    Retry {
        /// For the log.
        reason: String,
        /// How much later, if the carrier says so.
        retry_after: Option<Duration>,
    },
    /// The carrier will not do it.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

impl Control {
    pub(super) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NotSent(reason) | Outcome::Unknown(reason) => Self::Retry { reason, retry_after: None },
            Outcome::Answered(answer) if answer.status.is_success() => Self::Done,
            Outcome::Answered(answer) => match Failure::of(&answer) {
                Failure::Refused(refusal) if refusal.code == Some(OVER) || refusal.http_status == 404 => {
                    Self::AlreadyOver
                }
                Failure::Refused(refusal) => Self::Refused { refusal },
                Failure::Throttled { retry_after } => {
                    Self::Retry { reason: "the carrier asks to slow down".to_owned(), retry_after }
                }
                Failure::Unclear(reason) => Self::Retry { reason, retry_after: None },
            },
        }
    }
}
