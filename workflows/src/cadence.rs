//! Cadence: when to call a lead again.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::disposition::Disposition;
use crate::lead;
use crate::rules::{Hours, Permission};

/// The most attempts that a campaign may allow.
const MAX_ATTEMPTS: u16 = 100;
/// The longest delay between two calls to a lead: a year.
const MAX_DELAY_MIN: u32 = 366 * 24 * 60;

/// How often, how soon and after which results a campaign calls a lead again.
///
/// By default at most 3 attempts, 60 minutes apart, after calls that did not get through to anybody,
/// and after those that we ourselves failed to serve. Not after a machine took the call, nor after the
/// lead hung up on us: that was an answer. A campaign may choose those.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Cadence(Terms);

/// What a cadence is made from, and how it is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// The most calls that are made to one lead, 1 to 100.
    pub max_attempts: u16,
    /// Minutes from the end of one call to the next, 1 to 527040 (a year). The next call also waits for
    /// calling hours.
    pub retry_delay_min: u32,
    /// The dispositions after which the lead is called again.
    pub retry_on: BTreeSet<Disposition>,
}

impl Default for Terms {
    fn default() -> Self {
        use Disposition::{Abandoned, Busy, Canceled, Failed, NoAnswer, Unconfirmed};
        Self {
            max_attempts: 3,
            retry_delay_min: 60,
            retry_on: BTreeSet::from([Busy, NoAnswer, Failed, Canceled, Abandoned, Unconfirmed]),
        }
    }
}

/// Why a cadence cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCadence {
    /// The number of attempts is out of range.
    #[error("{0} attempts for a lead cannot be: expected 1 to {MAX_ATTEMPTS}")]
    Attempts(u16),
    /// The delay is out of range.
    #[error("a delay of {0} minutes between calls cannot be: expected 1 to {MAX_DELAY_MIN}")]
    Delay(u32),
    /// A disposition after which nobody is called again.
    #[error("a lead is never called again after `{0}`: leave it out")]
    NeverRetried(Disposition),
}

impl InvalidCadence {
    /// The term that is wrong.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Attempts(_) => "max_attempts",
            Self::Delay(_) => "retry_delay_min",
            Self::NeverRetried(_) => "retry_on",
        }
    }
}

impl Cadence {
    /// A cadence on these terms.
    ///
    /// # Errors
    /// Says which of the terms cannot be, and what is expected instead.
    pub fn new(terms: Terms) -> Result<Self, InvalidCadence> {
        if !(1..=MAX_ATTEMPTS).contains(&terms.max_attempts) {
            return Err(InvalidCadence::Attempts(terms.max_attempts));
        }
        if !(1..=MAX_DELAY_MIN).contains(&terms.retry_delay_min) {
            return Err(InvalidCadence::Delay(terms.retry_delay_min));
        }
        if let Some(never) = terms.retry_on.iter().find(|disposition| !disposition.is_retryable()) {
            return Err(InvalidCadence::NeverRetried(*never));
        }
        Ok(Self(terms))
    }

    /// The terms of the cadence.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.0
    }
}

impl TryFrom<Terms> for Cadence {
    type Error = InvalidCadence;

    fn try_from(terms: Terms) -> Result<Self, InvalidCadence> {
        Self::new(terms)
    }
}

impl From<Cadence> for Terms {
    fn from(cadence: Cadence) -> Self {
        cadence.0
    }
}

/// A call that has just ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// How it ended.
    pub disposition: Disposition,
    /// Calls made to the lead so far that consumed an attempt, this one included if it did.
    pub attempts: u16,
    /// When the lead asked to be called again, if so.
    pub call_back_at: Option<Timestamp>,
    /// When the lead may be called at all.
    pub hours: Hours<'a>,
}

/// What becomes of the lead after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It waits for another call.
    Retry {
        /// When that call is due; within the campaign's hours and the legal ones.
        at: Timestamp,
    },
    /// It is done with.
    Close {
        /// Its final status.
        status: lead::Status,
    },
}

/// What becomes of a lead whose call has ended now.
///
/// One who asked to be called again is, whatever the cadence says of other leads: when it was asked for, or as soon
/// after that as hours allow.
#[must_use]
pub fn next(cadence: &Cadence, ended: &Ended<'_>, now: Timestamp) -> Next {
    let Terms { max_attempts, retry_delay_min, retry_on } = cadence.terms();
    if let Some(at) = ended.call_back_at
        && !matches!(ended.disposition, Disposition::DoNotCall | Disposition::InvalidNumber)
    {
        return within_hours(&ended.hours, at.max(now));
    }
    let delay = match ended.disposition {
        Disposition::Answered => return Next::Close { status: lead::Status::Reached },
        Disposition::DoNotCall => return Next::Close { status: lead::Status::DoNotCall },
        Disposition::InvalidNumber => return Next::Close { status: lead::Status::Invalid },
        Disposition::Withheld => SignedDuration::ZERO,
        other if !retry_on.contains(&other) => return Next::Close { status: lead::Status::Closed },
        _ => SignedDuration::from_mins(i64::from(*retry_delay_min)),
    };
    if ended.attempts >= *max_attempts {
        return Next::Close { status: lead::Status::Exhausted };
    }
    within_hours(&ended.hours, now.saturating_add(delay).unwrap_or(Timestamp::MAX))
}

fn within_hours(hours: &Hours<'_>, due: Timestamp) -> Next {
    match hours.permission(due) {
        Permission::Allow => Next::Retry { at: due },
        Permission::DenyUntil { at, .. } => Next::Retry { at },
        // The campaign's last date comes first, or the window was changed to one that never fits.
        Permission::DenyForever { .. } => Next::Close { status: lead::Status::Closed },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{self, CallingWindow};

    /// A call to a lead in New York ends at a time of Monday 2026-11-23 (UTC-5); hours are 09:00-17:00.
    #[track_caller]
    fn check(disposition: Disposition, attempts: u16, ended: &str, expected: &str) {
        check_with(&Cadence::default(), disposition, attempts, ended, expected);
    }

    #[track_caller]
    fn check_with(cadence: &Cadence, disposition: Disposition, attempts: u16, ended: &str, expected: &str) {
        let mut terms = window::Terms::office_hours("America/New_York");
        terms.ends_on = Some("2026-11-27".parse().unwrap());
        let window = CallingWindow::new(terms).unwrap();
        let zones = ["America/New_York".to_owned()];
        let hours = Hours { window: &window, zones: &zones };
        let next = match next(
            cadence,
            &Ended { disposition, attempts, call_back_at: None, hours },
            ended.parse().unwrap(),
        ) {
            Next::Retry { at } => at.to_string(),
            Next::Close { status } => status.to_string(),
        };
        assert_eq!(next, expected, "{disposition} after {attempts} at {ended}");
    }

    #[test]
    fn a_call_that_did_not_get_through_is_repeated_an_hour_later() {
        use Disposition::*;
        for retried in [Busy, NoAnswer, Failed, Canceled, Abandoned, Unconfirmed] {
            check(retried, 1, "2026-11-23T15:00:07Z", "2026-11-23T16:00:07Z");
            check(retried, 2, "2026-11-23T15:00:07Z", "2026-11-23T16:00:07Z");
            check(retried, 3, "2026-11-23T15:00:07Z", "exhausted");
        }
        for (closed, status) in [
            (Answered, "reached"),
            (Voicemail, "closed"),
            (Fax, "closed"),
            (HungUp, "closed"),
            (InvalidNumber, "invalid"),
            (DoNotCall, "do_not_call"),
        ] {
            check(closed, 1, "2026-11-23T15:00:07Z", status);
            check(closed, 3, "2026-11-23T15:00:07Z", status);
        }
    }

    #[test]
    fn the_next_call_waits_for_calling_hours() {
        check(Disposition::Busy, 1, "2026-11-23T20:59:59Z", "2026-11-23T21:59:59Z");
        check(Disposition::Busy, 1, "2026-11-23T21:00:00Z", "2026-11-24T14:00:00Z");
        // Friday the 27th is the last date.
        check(Disposition::Busy, 1, "2026-11-27T20:30:00Z", "2026-11-27T21:30:00Z");
        check(Disposition::Busy, 1, "2026-11-27T21:30:00Z", "closed");
    }

    #[test]
    fn a_withheld_call_comes_back_as_soon_as_hours_allow() {
        check(Disposition::Withheld, 0, "2026-11-23T15:00:00Z", "2026-11-23T15:00:00Z");
        check(Disposition::Withheld, 2, "2026-11-23T22:00:01Z", "2026-11-24T14:00:00Z");
        assert!(!Disposition::Withheld.consumes_attempt() && Disposition::Unconfirmed.consumes_attempt());
    }

    #[test]
    fn voicemail_is_repeated_where_the_campaign_says_so() {
        let json = r#"{"retry_on":["voicemail"],"retry_delay_min":1440}"#;
        let cadence: Cadence = serde_json::from_str(json).unwrap();
        check_with(&cadence, Disposition::Voicemail, 1, "2026-11-23T15:00:00Z", "2026-11-24T15:00:00Z");
        check_with(&cadence, Disposition::Busy, 1, "2026-11-23T15:00:00Z", "closed");
    }

    #[test]
    fn a_lead_is_called_back_when_it_asked_for_that() {
        let window = CallingWindow::new(window::Terms::office_hours("America/New_York")).unwrap();
        let zones = ["America/New_York".to_owned()];
        let hours = Hours { window: &window, zones: &zones };
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        for (disposition, asked, expected) in [
            (Disposition::Answered, "2026-11-24T16:30:00Z", "2026-11-24T16:30:00Z"),
            (Disposition::HungUp, "2026-11-24T16:30:00Z", "2026-11-24T16:30:00Z"),
            // At night, and in the past.
            (Disposition::Answered, "2026-11-24T03:00:00Z", "2026-11-24T14:00:00Z"),
            (Disposition::Answered, "2026-11-23T14:30:00Z", "2026-11-23T15:00:00Z"),
            (Disposition::DoNotCall, "2026-11-24T16:30:00Z", "do_not_call"),
        ] {
            let call_back_at = Some(asked.parse().unwrap());
            // However often it was called.
            let ended = Ended { disposition, attempts: 9, call_back_at, hours };
            let next = match next(&Cadence::default(), &ended, now) {
                Next::Retry { at } => at.to_string(),
                Next::Close { status } => status.to_string(),
            };
            assert_eq!(next, expected, "{disposition}, asked for {asked}");
        }
    }

    #[test]
    fn what_can_never_be_is_refused() {
        for (json, expected) in [
            (r#"{"retry_on":["invalid_number"]}"#, "never called again after `invalid_number`"),
            (r#"{"retry_on":["busy","do_not_call"]}"#, "never called again after `do_not_call`"),
            (r#"{"retry_on":["answered"]}"#, "never called again after `answered`"),
            (r#"{"retry_on":["ringing"]}"#, "`ringing` is not a disposition"),
            (r#"{"max_attempts":0}"#, "0 attempts"),
            (r#"{"retry_delay_min":0}"#, "a delay of 0 minutes"),
            (r#"{"retry_delay_min":4294967295}"#, "a delay of 4294967295 minutes"),
            (r#"{"max_retries":3}"#, "unknown field `max_retries`"),
        ] {
            let error = serde_json::from_str::<Cadence>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
        assert_eq!(serde_json::from_str::<Cadence>("{}").unwrap(), Cadence::default());
    }
}
