//! Placing a leg, and the closed set of what can come of it.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use url::{Url, form_urlencoded};
use warmline_workflows::Leg;

use super::exchange::{Answer, Outcome};
use super::refusal::{Failure, Refusal};
use super::resource::sid;
use crate::callback::Callback;
use crate::hook::Hook;

/// A leg to place.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Whom to ring, E.164 or what else the carrier rings (`client:`, `sip:`).
    pub to: String,
    /// The number shown, E.164; the account's own.
    pub from: String,
    /// Whose leg it is; every URL we give names it.
    pub callback: Callback,
    /// Our public base URL, as [`crate::check_base`] returned it.
    pub public_base: Url,
    /// How long it may ring: 1 to 600, at least 15 where telemarketing rules apply. The carrier may add 5 s.
    pub ring_timeout_s: u32,
    /// How long it may last once answered: up to 14400.
    pub time_limit_s: u32,
    /// Answering-machine detection, at a price; only for the lead leg, ignored for an agent's.
    pub amd: Option<Amd>,
}

/// Answering-machine detection that runs while our first document does, up to the end of a greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amd {
    /// After how long to give up: 3 to 59.
    pub timeout_s: u32,
}

/// What came of placing a leg. What may be done next follows from the word alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// The leg exists. When it rings is told by its callbacks: the carrier may queue it.
    Placed {
        /// The carrier's id of the leg.
        sid: String,
    },
    /// The carrier never got the request: may be sent again.
    NotSent {
        /// For the log.
        reason: String,
    },
    /// The carrier has not processed the request: may be sent again, later.
    Throttled {
        /// How much later, if the carrier says so.
        retry_after: Option<Duration>,
    },
    /// The carrier will not do it.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// The leg may exist, and its telephone may ring: must not be sent again.
    Unknown {
        /// For the log.
        reason: String,
    },
}

impl NewCall {
    /// The body of the request.
    pub(super) fn form(&self) -> String {
        let url = |hook| self.callback.url(&self.public_base, hook);
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &self.to)
            .append_pair("From", &self.from)
            .append_pair("Url", &url(Hook::voice(self.callback.leg)))
            .append_pair("FallbackUrl", &url(Hook::Fallback))
            .append_pair("StatusCallback", &url(Hook::Status));
        for event in ["initiated", "ringing", "answered", "completed"] {
            form.append_pair("StatusCallbackEvent", event);
        }
        form.append_pair("Timeout", &self.ring_timeout_s.to_string())
            .append_pair("TimeLimit", &self.time_limit_s.to_string());
        if let Some(amd) = self.amd.filter(|_| self.callback.leg == Leg::Lead) {
            form.append_pair("MachineDetection", "DetectMessageEnd")
                .append_pair("MachineDetectionTimeout", &amd.timeout_s.to_string())
                .append_pair("AsyncAmd", "true")
                .append_pair("AsyncAmdStatusCallback", &url(Hook::Amd));
        }
        form.finish()
    }
}

/// Without the telephone numbers.
impl fmt::Debug for NewCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewCall({:?})", self.callback)
    }
}

impl Placement {
    pub(super) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NotSent(reason) => Self::NotSent { reason },
            Outcome::Unknown(reason) => Self::Unknown { reason },
            Outcome::Answered(answer) if answer.status.is_success() => Self::placed(&answer),
            Outcome::Answered(answer) => match Failure::of(&answer) {
                Failure::Throttled { retry_after } => Self::Throttled { retry_after },
                Failure::Refused(refusal) => Self::Refused { refusal },
                Failure::Unclear(reason) => Self::Unknown { reason },
            },
        }
    }

    fn placed(answer: &Answer) -> Self {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        sid(&body).map_or_else(
            || Self::Unknown {
                reason: format!(
                    "the carrier answered {} without a readable call sid",
                    answer.status.as_u16()
                ),
            },
            |sid| Self::Placed { sid },
        )
    }
}
