//! The legal floor: hours outside of which nobody is called, whatever a campaign says.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::span::{Span, time_zone};
use super::{ClockTime, Status};

/// When calls become lawful in the morning: 08:00 on the lead's clock.
pub const FLOOR_OPENS: ClockTime = ClockTime::full_hour(8);
/// When calls stop being lawful in the evening: 21:00 on the lead's clock.
pub const FLOOR_CLOSES: ClockTime = ClockTime::full_hour(21);

/// The legal hours of one lead: [`FLOOR_OPENS`] to [`FLOOR_CLOSES`] on every day, in *every* zone that
/// the lead may be in. It cannot be widened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor<'a> {
    zones: Vec<(&'a str, TimeZone)>,
}

impl<'a> Floor<'a> {
    /// The floor over these zones, named as in the IANA database.
    ///
    /// None when there are no zones, or one of them is unknown: then no hour is known to be lawful.
    #[must_use]
    pub fn over(zones: &'a [String]) -> Option<Self> {
        let zones: Option<Vec<_>> =
            zones.iter().map(|name| Some((name.as_str(), time_zone(name)?))).collect();
        zones.filter(|zones| !zones.is_empty()).map(|zones| Self { zones })
    }

    /// The zone that keeps calls unlawful for longest from now, and the instant at which it stops doing
    /// so; none when a call is lawful in all of them. Other zones may have closed by then.
    #[must_use]
    pub fn closed_in(&self, now: Timestamp) -> Option<(&'a str, Timestamp)> {
        let closed = self.zones.iter().filter_map(|(name, zone)| match status(zone, now) {
            Status::Open { .. } => None,
            Status::OpensAt(at) => Some((*name, at)),
            Status::NeverAgain => Some((*name, Timestamp::MAX)),
        });
        closed.max_by_key(|(_, at)| *at)
    }
}

fn status(zone: &TimeZone, now: Timestamp) -> Status {
    let mut day = zone.to_datetime(now).date();
    // Two days are enough; a third covers dates that a zone skipped when it crossed the date line.
    for _ in 0..3 {
        let span = Span::new(zone, day.to_datetime(FLOOR_OPENS.time()), day.to_datetime(FLOOR_CLOSES.time()));
        match span {
            Some(Span { opens, closes }) if now < closes => {
                return if opens <= now { Status::Open { until: closes } } else { Status::OpensAt(opens) };
            }
            Some(_) | None => {}
        }
        let Ok(tomorrow) = day.tomorrow() else { break };
        day = tomorrow;
    }
    Status::NeverAgain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_must_be_open() {
        let zones = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        // On 2026-11-23 New York is UTC-5, Los Angeles UTC-8, Honolulu UTC-10.
        for (names, now, expected) in [
            (
                &["America/New_York"][..],
                "2026-11-23T12:59:59Z",
                Some(("America/New_York", "2026-11-23T13:00Z")),
            ),
            (&["America/New_York"], "2026-11-23T13:00:00Z", None),
            (&["America/New_York"], "2026-11-24T01:59:59Z", None),
            (&["America/New_York"], "2026-11-24T02:00:00Z", Some(("America/New_York", "2026-11-24T13:00Z"))),
            (
                &["America/New_York", "Pacific/Honolulu", "America/Los_Angeles"],
                "2026-11-23T13:00:00Z",
                Some(("Pacific/Honolulu", "2026-11-23T18:00Z")),
            ),
            (&["America/New_York", "America/Los_Angeles"], "2026-11-23T16:00:00Z", None),
            (
                &["America/New_York", "America/Los_Angeles"],
                "2026-11-24T02:00:00Z",
                Some(("America/New_York", "2026-11-24T13:00Z")),
            ),
        ] {
            let zones = zones(names);
            let closed = Floor::over(&zones).unwrap().closed_in(now.parse().unwrap());
            assert_eq!(closed, expected.map(|(zone, at)| (zone, at.parse().unwrap())), "{names:?} {now}");
        }
        assert_eq!(Floor::over(&[]), None);
        assert_eq!(Floor::over(&zones(&["America/New_York", "Mars/Olympus"])), None);
    }
}
