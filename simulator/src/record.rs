//! Records: what the ledger knows of a call, a conference or a recording.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::amd::AnsweredBy;
use crate::clock::seconds_between;
use crate::fact::Moment;
use crate::order::{Order, Recording};
use crate::scenario::Scenario;

/// Everything the carrier did for one call: the ground truth a checker compares with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The carrier's id of the call.
    pub sid: String,
    /// What was asked for, with every callback URL in full.
    pub order: Order,
    /// What the callee was scripted to do.
    pub scenario: Scenario,
    /// How long the call had to wait for its turn, in milliseconds of carrier time.
    pub queue_time_ms: u64,
    /// Where the call is now.
    pub status: Status,
    /// When the create request was accepted.
    pub created: Moment,
    /// When it left the queue.
    pub initiated: Option<Moment>,
    /// The first ring.
    pub ringing: Option<Moment>,
    /// The answer.
    pub answered: Option<Moment>,
    /// The end, however it came about.
    pub ended: Option<Moment>,
    /// The verdict of answering-machine detection.
    pub answered_by: Option<AnsweredBy>,
    /// How long detection took, in milliseconds of carrier time.
    pub detection_ms: Option<u32>,
    /// The first moment at which it talked to another leg.
    pub bridged: Option<Moment>,
    /// Its stays in conferences, in order.
    pub stays: Vec<Stay>,
    /// Keys the callee pressed.
    pub keys: String,
    /// Audio files that were fetched and played to it, in order.
    #[serde(default)]
    pub played: Vec<Played>,
    /// How often a REST request sent it to another document.
    pub redirects: u32,
    /// Codes of what was wrong with its documents.
    pub warnings: Vec<u32>,
    /// Callbacks and document requests of this call that were answered with 2xx.
    pub delivered: u32,
    /// Those that were not, faults on purpose included.
    pub undelivered: u32,
    /// The telephone network's own code for the end.
    pub sip_code: Option<u16>,
    /// Whether the resource was deleted over REST.
    pub removed: bool,
    /// The last change.
    pub updated: Timestamp,
}

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Queued,
    Initiated,
    Ringing,
    InProgress,
    Completed,
    Busy,
    NoAnswer,
    Failed,
    Canceled,
}

/// A stay of a call in a conference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub conference: String,
    pub joined: Moment,
    pub left: Option<Moment>,
    /// Why it left, in the carrier's words.
    pub reason: Option<String>,
}

/// An audio file that was fetched, and played to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    pub url: String,
    pub bytes: u64,
    /// Once through.
    pub duration_ms: u64,
    pub began: Moment,
}

/// A conference, past or present.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConferenceRecord {
    pub sid: String,
    /// The name the documents gave it.
    pub name: String,
    pub opened: Moment,
    /// When two were in it and one of them could start it.
    pub started: Option<Moment>,
    pub ended: Option<Moment>,
    /// Why it ended, in the carrier's words.
    pub reason: Option<String>,
    /// The call whose leaving ended it.
    pub ending_call: Option<String>,
    pub updated: Timestamp,
}

/// A recording, finished or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordingRecord {
    pub sid: String,
    pub call: Option<String>,
    pub conference: Option<String>,
    pub request: Recording,
    pub started: Moment,
    pub stopped: Option<Moment>,
    /// From when on the media can be had, in carrier time.
    pub ready_at: Option<Timestamp>,
    /// Whether its end was reported to the customer.
    pub announced: bool,
    pub removed: bool,
}

/// A request to the customer, with all its repetitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRecord {
    /// What it told or asked for, such as `status:answered`.
    pub kind: String,
    /// When the last answer had come, or was given up.
    pub ended: Moment,
    /// How long it took, in microseconds of real time.
    pub took_us: u64,
    /// Whether it was answered with 2xx.
    pub delivered: bool,
}

impl Status {
    /// The word for it in callbacks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// The word for it in REST resources, which do not know `initiated`.
    pub(crate) fn as_resource_str(self) -> &'static str {
        if self == Self::Initiated { "queued" } else { self.as_str() }
    }

    /// Whether the call is over.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Initiated | Self::Ringing | Self::InProgress)
    }
}

impl CallRecord {
    /// Whole seconds from the answer to the end, at least 1 once answered; 0 without an answer,
    /// `None` before the end.
    pub fn duration_s(&self) -> Option<u64> {
        let ended = self.ended?;
        Some(
            self.answered
                .map_or(0, |answered| (seconds_between(answered.at, ended.at).round() as u64).max(1)),
        )
    }

    /// How many steps of the call could have been reported so far; numbers the next report.
    pub(crate) fn stages_passed(&self) -> usize {
        [self.initiated, self.ringing, self.answered, self.ended].iter().flatten().count()
    }
}

impl RecordingRecord {
    /// Whole seconds recorded; `None` while it runs.
    pub fn duration_s(&self) -> Option<u64> {
        self.stopped.map(|stopped| seconds_between(self.started.at, stopped.at) as u64)
    }

    /// The carrier's word for its state at an instant.
    pub(crate) fn status_at(&self, now: Timestamp) -> &'static str {
        match (self.duration_s(), self.ready_at) {
            (None, _) | (_, None) => "in-progress",
            (_, Some(ready_at)) if now < ready_at => "processing",
            (Some(0), _) => "absent",
            _ => "completed",
        }
    }

    pub(crate) fn channels(&self) -> u16 {
        // Both sides of a conference are kept apart; a call is recorded as one mix.
        if self.conference.is_some() { 2 } else { 1 }
    }

    pub(crate) fn source(&self) -> &'static str {
        if self.conference.is_some() { "Conference" } else { "OutboundAPI" }
    }
}
