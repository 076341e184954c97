//! The carrier's clock: business time, and waiting in it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use warmline_workflows::Timeline;

/// Tells carrier time and sleeps in it. Everything a telephone would notice passes through here;
/// HTTP timeouts do not, they belong to the real clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock(pub(crate) Timeline);

impl Clock {
    pub(crate) fn now(self) -> Timestamp {
        self.0.at(Timestamp::now())
    }

    /// Sleeps for a stretch of carrier time.
    pub(crate) async fn sleep(self, seconds: f64) {
        tokio::time::sleep(self.0.real_duration(span(seconds))).await;
    }

    /// Sleeps until a carrier instant; returns at once when it has passed.
    pub(crate) async fn sleep_until(self, at: Timestamp) {
        tokio::time::sleep(self.0.real_until(at, Timestamp::now())).await;
    }
}

/// An instant some seconds later; saturates at the end of the calendar.
pub(crate) fn after(at: Timestamp, seconds: f64) -> Timestamp {
    at.checked_add(span(seconds)).unwrap_or(Timestamp::MAX)
}

/// The seconds from one instant to a later one; zero when it is not later.
pub(crate) fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).max(SignedDuration::ZERO).as_secs_f64()
}

/// The form in which resources and callbacks carry a date.
pub(crate) fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// No wait is longer than a century, so that no later arithmetic overflows.
const SPAN_MAX_S: f64 = 100.0 * 365.0 * 86_400.0;

fn span(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.clamp(0.0, SPAN_MAX_S)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_carriers_form_and_arithmetic_saturates() {
        let at: Timestamp = "2010-08-31T20:36:28.9Z".parse().unwrap();
        assert_eq!(rfc2822(at), "Tue, 31 Aug 2010 20:36:28 +0000");
        assert_eq!(seconds_between(after(at, 2.5), at), 0.0);
        assert_eq!(seconds_between(at, after(at, 2.5)), 2.5);
        assert_eq!(after(at, f64::INFINITY), after(at, SPAN_MAX_S));
        assert_eq!(after(Timestamp::MAX, 1.0), Timestamp::MAX);
    }
}
