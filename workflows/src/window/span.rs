//! Civil times to instants, always in the direction that calls less.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// The database that is part of this program. The system's own would differ from machine to machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The time zone of that name, if there is one.
pub(crate) fn time_zone(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok().filter(|zone| !zone.is_unknown())
}

/// A stretch of time, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) opens: Timestamp,
    pub(super) closes: Timestamp,
}

impl Span {
    /// The stretch between two civil times; none when a clock change leaves nothing of it.
    pub(super) fn new(zone: &TimeZone, opens: DateTime, closes: DateTime) -> Option<Self> {
        let opens = instant(zone, opens, Repeated::Second)?;
        let closes = instant(zone, closes, Repeated::First)?;
        (opens < closes).then_some(Self { opens, closes })
    }
}

/// Which instant a civil time means that comes twice.
#[derive(Clone, Copy)]
enum Repeated {
    First,
    Second,
}

/// The instant at which clocks in the zone show a civil time, or skip it; none beyond the calendar.
fn instant(zone: &TimeZone, at: DateTime, repeated: Repeated) -> Option<Timestamp> {
    let candidates = zone.to_ambiguous_timestamp(at);
    match candidates.offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(at).ok(),
        AmbiguousOffset::Gap { after, .. } => {
            let before_gap = candidates.earlier().ok()?;
            zone.following(before_gap)
                .find(|change| change.offset() == after)
                .map(|change| change.timestamp())
        }
        AmbiguousOffset::Fold { .. } => match repeated {
            Repeated::First => candidates.earlier().ok(),
            Repeated::Second => candidates.later().ok(),
        },
    }
}

#[cfg(test)]
mod tests {
    /// Vancouver, Edmonton and others changed their rules in 2026; an older copy is an hour wrong there.
    #[test]
    fn the_database_is_recent() {
        let vancouver = super::time_zone("America/Vancouver").unwrap();
        assert_eq!(vancouver.to_offset("2027-01-15T12:00Z".parse().unwrap()).seconds(), -7 * 3600);
        assert!(super::time_zone("Etc/Unknown").is_none());
    }
}
