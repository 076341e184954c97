//! Business time as this process reads it.

use std::time::Duration;

use jiff::{Timestamp, Unit};
use warmline_workflows::Timeline;

/// Reads business time off the machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    timeline: Timeline,
}

impl Clock {
    /// A clock on this timeline.
    #[must_use]
    pub fn new(timeline: Timeline) -> Self {
        Self { timeline }
    }

    /// Business time, to the microsecond, which is what the database keeps.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.timeline.at(Timestamp::now());
        now.round(Unit::Microsecond).unwrap_or(now)
    }

    /// How long a stretch of business time lasts on a real clock.
    #[must_use]
    pub fn real_duration(&self, business: Duration) -> Duration {
        self.timeline.real_duration(business)
    }

    /// Business seconds per real second.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.timeline.factor
    }
}
