//! Dispositions: the one final result of a call.

use crate::words::words;

words! {
    /// How a call ended. Every finished call has exactly one.
    pub enum Disposition, "disposition" {
        /// The lead and an agent were connected.
        Answered = "answered",
        /// A machine took the call, with or without a message left on it.
        Voicemail = "voicemail",
        /// A fax took the call.
        Fax = "fax",
        /// The line was busy.
        Busy = "busy",
        /// Nobody picked up within the ring time.
        NoAnswer = "no_answer",
        /// The carrier could not connect the call, and the number is not to blame.
        Failed = "failed",
        /// The call was ended, by us or by the carrier, before lead and agent were connected.
        Canceled = "canceled",
        /// The number cannot be reached by anybody: malformed, unassigned or barred.
        InvalidNumber = "invalid_number",
        /// A person answered, and no agent came in time.
        Abandoned = "abandoned",
        /// A person answered, and hung up before an agent was on the line.
        HungUp = "hung_up",
        /// The carrier never confirmed whether the call was placed, so the lead's phone may have rung.
        Unconfirmed = "unconfirmed",
        /// The lead asked never to be called again.
        DoNotCall = "do_not_call",
        /// The call was opened but never dialed, because a rule closed in between or the carrier refused our account.
        Withheld = "withheld",
    }
}

impl Disposition {
    /// Whether the call counts against the attempts the campaign allows for a lead.
    ///
    /// Everything does that may have rung the lead's phone, an unconfirmed call included.
    #[must_use]
    pub const fn consumes_attempt(self) -> bool {
        !matches!(self, Self::Withheld)
    }

    /// Whether a person picked up. Abandon rates are shares of these calls.
    #[must_use]
    pub const fn is_human(self) -> bool {
        matches!(self, Self::Answered | Self::Abandoned | Self::HungUp | Self::DoNotCall)
    }

    /// Whether a campaign may choose to call again after it.
    ///
    /// Not after a conversation, a refusal or a bad number, whatever the campaign says; and a withheld
    /// call comes back by itself, so there is nothing to choose.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        !matches!(self, Self::Answered | Self::InvalidNumber | Self::DoNotCall | Self::Withheld)
    }
}
