//! Inquiries: what the carrier is asked of a call that is over, because it may have failed to tell.
//!
//! All of it is lived through in business time, which is the carrier's.

use jiff::{SignedDuration, Timestamp};

use crate::call::Plan;
use crate::call::memory::Memory;
use crate::cost;
use crate::words::words;

words! {
    /// What is asked.
    pub enum About, "subject of an inquiry" {
        /// What its legs cost.
        Price = "price",
        /// Where its recording is.
        Recording = "recording",
    }
}

/// How long the carrier has to tell by itself.
const FIRST_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// The longest pause between two times of asking.
const PAUSE_MAX: SignedDuration = SignedDuration::from_hours(6);
/// What the carrier still does not know of for so long does not exist; its lists lag behind by less.
const ABSENT_AFTER: SignedDuration = SignedDuration::from_hours(1);

impl About {
    /// Whether it is open when a call is over.
    #[must_use]
    pub fn is_open(self, call: &Memory, plan: &Plan) -> bool {
        match self {
            Self::Price => cost::charged_legs(call).next().is_some(),
            // Nothing is recorded before two are in the conference.
            Self::Recording => plan.conduct.record && call.bridged_at.is_some(),
        }
    }

    /// How long the carrier is asked at all.
    #[must_use]
    pub const fn given_up_after(self) -> SignedDuration {
        match self {
            Self::Price => SignedDuration::from_hours(3 * 24),
            Self::Recording => SignedDuration::from_hours(7 * 24),
        }
    }
}

/// When to ask for the first time.
#[must_use]
pub fn first_at(closed_at: Timestamp) -> Timestamp {
    closed_at.saturating_add(FIRST_AFTER).unwrap_or(closed_at)
}

/// When to ask again: ever more rarely, after as long as it has taken so far.
#[must_use]
pub fn next_at(closed_at: Timestamp, now: Timestamp) -> Timestamp {
    let pause = now.duration_since(closed_at).clamp(FIRST_AFTER, PAUSE_MAX);
    now.saturating_add(pause).unwrap_or(now)
}

/// Whether something that the carrier does not know of may still turn up.
#[must_use]
pub fn may_turn_up(closed_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(closed_at) < ABSENT_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carrier_is_asked_ever_more_rarely() {
        let closed_at: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let mut at = first_at(closed_at);
        let mut minutes = Vec::new();
        while at.duration_since(closed_at) < SignedDuration::from_hours(36) {
            minutes.push(at.duration_since(closed_at).as_mins());
            at = next_at(closed_at, at);
        }
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1360, 1720, 2080]);
        assert!(may_turn_up(closed_at, first_at(closed_at)));
        assert!(!may_turn_up(closed_at, closed_at + SignedDuration::from_hours(1)));
    }
}
