//! Steering a leg that exists, and the closed set of what can come of it.

use std::time::Duration;

use url::form_urlencoded;

use super::exchange::Outcome;
use super::refusal::{Failure, Refusal};

/// The call is not in a state to be changed.
const OVER: u32 = 21220;

/// A leg in a conference.
#[derive(Debug, Clone, Copy)]
pub struct Participant<'a> {
    /// The carrier's name for the conference.
    pub conference_sid: &'a str,
    /// The carrier's name for the leg.
    pub call_sid: &'a str,
}

/// What a leg in a conference hears, and whether it is heard.
#[derive(Debug, Clone, Copy)]
pub struct Sound<'a> {
    /// Hears music, is not heard and hears nobody.
    pub is_held: bool,
    /// Is not heard.
    pub is_muted: bool,
    /// Where the music is from.
    pub hold_url: &'a str,
}

impl Sound<'_> {
    pub(super) fn form(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Muted", if self.is_muted { "true" } else { "false" });
        form.append_pair("Hold", if self.is_held { "true" } else { "false" });
        if self.is_held {
            form.append_pair("HoldUrl", self.hold_url).append_pair("HoldMethod", "POST");
        }
        form.finish()
    }
}

/// What came of steering a leg. It may be repeated: the second time changes nothing.
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
