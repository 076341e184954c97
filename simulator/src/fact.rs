//! Facts: the lines of the ledger.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::amd::AnsweredBy;
use crate::order::{Order, Recording};
use crate::record::Status;
use crate::scenario::Scenario;

/// An instant on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Carrier time, which runs at the factor of the timeline.
    pub at: Timestamp,
    /// Real time.
    pub real: Timestamp,
}

/// One line of the ledger: something that happened, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    #[serde(flatten)]
    pub(crate) moment: Moment,
    #[serde(flatten)]
    pub(crate) fact: Fact,
}

/// Something that happened. Old files must keep loading: fields may be added with a default, and
/// none may change its meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub(crate) enum Fact {
    Created {
        sid: String,
        order: Box<Order>,
        scenario: Scenario,
        queue_time_ms: u64,
    },
    Initiated {
        sid: String,
    },
    Ringing {
        sid: String,
    },
    Answered {
        sid: String,
    },
    Detected {
        sid: String,
        answered_by: AnsweredBy,
        after_ms: u32,
    },
    /// The order was changed while the call ran.
    Amended {
        sid: String,
        order: Box<Order>,
    },
    Redirected {
        sid: String,
    },
    Pressed {
        sid: String,
        keys: String,
    },
    /// A document has an audio file played that was fetched.
    Played {
        sid: String,
        url: String,
        bytes: u64,
        duration_ms: u64,
    },
    Joined {
        sid: String,
        conference: String,
    },
    Bridged {
        sid: String,
        conference: String,
    },
    Left {
        sid: String,
        conference: String,
        reason: String,
    },
    /// A document did something that has no meaning, or that is not simulated.
    Warned {
        sid: String,
        code: u32,
        detail: String,
    },
    Ended {
        sid: String,
        status: Status,
        sip_code: u16,
    },
    /// The resource was deleted; the ledger remembers the call all the same.
    Removed {
        sid: String,
    },

    ConferenceOpened {
        conference: String,
        name: String,
    },
    ConferenceStarted {
        conference: String,
    },
    ConferenceEnded {
        conference: String,
        reason: String,
        ending_call: Option<String>,
    },

    RecordingStarted {
        recording: String,
        call: Option<String>,
        conference: Option<String>,
        request: Recording,
    },
    /// Nothing more is recorded; the media can be had from `ready_at` on.
    RecordingStopped {
        recording: String,
        ready_at: Timestamp,
    },
    RecordingRemoved {
        recording: String,
    },

    /// A request to the customer, with its final outcome.
    Webhook {
        about: String,
        kind: String,
        url: String,
        delivery: Delivery,
        /// From the request to the end of its answer, repetitions included, in real time.
        #[serde(default)]
        took_us: u64,
    },
}

/// What became of a request to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Delivery {
    /// A 2xx answer came back.
    Delivered { status: u16 },
    /// No attempt brought a 2xx answer.
    Failed { code: u32, detail: String },
    /// Thrown away on purpose, by a fault.
    Lost,
}
