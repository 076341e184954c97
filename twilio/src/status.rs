//! What the carrier says of a leg.

use warmline_workflows::Ending;

use crate::words::words;

words! {
    /// The status of a leg, in a webhook or in a call resource.
    pub enum CallStatus {
        /// Accepted, waiting for its turn to be dialed; never in a webhook.
        Queued = "queued",
        /// Being dialed; only in webhooks, the resource still says queued.
        Initiated = "initiated",
        /// The far end rings.
        Ringing = "ringing",
        /// Answered.
        InProgress = "in-progress",
        /// Was answered, and is over.
        Completed = "completed",
        /// The line was busy.
        Busy = "busy",
        /// Could not be connected.
        Failed = "failed",
        /// Rang until the timeout.
        NoAnswer = "no-answer",
        /// Taken back before it was answered.
        Canceled = "canceled",
    }
}

impl CallStatus {
    /// How the leg ended, when this status is a last one.
    #[must_use]
    pub const fn ending(self) -> Option<Ending> {
        match self {
            Self::Queued | Self::Initiated | Self::Ringing | Self::InProgress => None,
            Self::Completed => Some(Ending::Completed),
            Self::Busy => Some(Ending::Busy),
            Self::Failed => Some(Ending::Failed),
            Self::NoAnswer => Some(Ending::NoAnswer),
            Self::Canceled => Some(Ending::Canceled),
        }
    }
}
