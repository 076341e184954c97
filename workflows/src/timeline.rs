//! Business time: the one clock by which calling hours, retries and ring times are measured.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A fixed mapping from real time to business time.
///
/// In production the two are the same. In rehearsals and tests business time starts at a chosen
/// instant and runs `factor` times as fast. The mapping is plain arithmetic: the caller brings the
/// real time, so the core stays free of clocks. Leases, HTTP timeouts and back-off never pass
/// through here; they belong to machine time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The real instant at which business time read `business_start`.
    pub real_start: Timestamp,
    /// The business instant that `real_start` maps to.
    pub business_start: Timestamp,
    /// Business seconds per real second, at least 1.
    pub factor: f64,
}

impl Timeline {
    /// Business time that is real time.
    pub const REAL: Self =
        Self { real_start: Timestamp::UNIX_EPOCH, business_start: Timestamp::UNIX_EPOCH, factor: 1.0 };

    /// The business time at a real instant; saturates at the ends of the calendar.
    #[must_use]
    pub fn at(&self, real: Timestamp) -> Timestamp {
        if *self == Self::REAL {
            return real;
        }
        let passed =
            SignedDuration::from_secs_f64(real.duration_since(self.real_start).as_secs_f64() * self.factor);
        self.business_start.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// How long a stretch of business time lasts on a real clock.
    #[must_use]
    pub fn real_duration(&self, business: Duration) -> Duration {
        business.div_f64(self.factor)
    }

    /// The real time left until a business instant; zero when it has passed.
    #[must_use]
    pub fn real_until(&self, business: Timestamp, real_now: Timestamp) -> Duration {
        let left = business.duration_since(self.at(real_now));
        Duration::try_from(left).map_or(Duration::ZERO, |left| self.real_duration(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_time_maps_to_itself() {
        let now: Timestamp = "2026-11-23T20:27:00.123456Z".parse().unwrap_or_default();
        assert_eq!(Timeline::REAL.at(now), now);
    }

    #[test]
    fn sixty_fold_time_turns_a_second_into_a_minute() {
        let start = Timestamp::UNIX_EPOCH;
        let timeline = Timeline { real_start: start, business_start: start, factor: 60.0 };
        let second = start + SignedDuration::from_secs(1);
        assert_eq!(timeline.at(second), start + SignedDuration::from_secs(60));
        assert_eq!(timeline.real_duration(Duration::from_secs(3600)), Duration::from_secs(60));
        assert_eq!(
            timeline.real_until(start + SignedDuration::from_secs(120), second),
            Duration::from_secs(1)
        );
        assert_eq!(timeline.real_until(start, second), Duration::ZERO);
    }
}
