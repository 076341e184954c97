//! Calling windows: the hours of the week in which calls are made, in one time zone.

mod clock_time;
mod days;
mod floor;
pub(crate) mod span;

pub use clock_time::{ClockTime, InvalidClockTime};
pub use days::Days;
pub use floor::{FLOOR_CLOSES, FLOOR_OPENS, Floor};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use span::Span;

/// More days than can lie between two openings of a weekly window. A single weekday may be lost to a
/// clock change; two in a row never are.
const SEARCH_DAYS: usize = 35;

/// The hours in which calls are made: days of the week, opening and closing time, first and last date.
///
/// Everything is civil time in one time zone, so that 09:00 stays 09:00 when the clocks change. Where a
/// clock change makes a time doubtful, the window takes the reading that calls less: an opening time
/// that is skipped counts from the first instant after the gap; of a time that comes twice, the window
/// opens at the second and closes at the first. A window whose closing time is not after its opening
/// time runs past midnight, and belongs to the day on which it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct CallingWindow {
    terms: Terms,
    zone: TimeZone,
}

/// What a calling window is made from, and how it is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Name in the IANA database, such as `America/New_York`.
    pub time_zone: String,
    /// Days of the week on which the window opens. Monday to Friday when left out.
    #[serde(default)]
    pub days: Days,
    /// When it opens. 09:00 when left out.
    #[serde(default = "nine")]
    pub opens: ClockTime,
    /// When it closes; the last call is made before. 17:00 when left out.
    #[serde(default = "seventeen")]
    pub closes: ClockTime,
    /// First date on which the window opens; none for at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    /// Last date on which a call may be made, also by a window that runs past midnight; none for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
}

const fn nine() -> ClockTime {
    ClockTime::full_hour(9)
}

const fn seventeen() -> ClockTime {
    ClockTime::full_hour(17)
}

impl Terms {
    /// Monday to Friday, 09:00 to 17:00 in a time zone, without first or last date.
    #[must_use]
    pub fn office_hours(time_zone: &str) -> Self {
        Self {
            time_zone: time_zone.to_owned(),
            days: Days::default(),
            opens: nine(),
            closes: seventeen(),
            starts_on: None,
            ends_on: None,
        }
    }
}

/// Why a calling window cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWindow {
    /// The zone is not in the database that is part of this program.
    #[error("unknown time zone `{0}`: expected a name of the IANA database such as `America/New_York`")]
    UnknownZone(String),
    /// No day of the week is chosen.
    #[error("a calling window needs at least one day of the week, such as `mon`")]
    NoDays,
    /// Opening and closing time are the same.
    #[error("a calling window cannot open and close at the same time, {0}; for all day, say 08:00 to 21:00")]
    NoHours(ClockTime),
    /// The last date lies before the first.
    #[error("the last date of a calling window, {ends_on}, lies before its first, {starts_on}")]
    EndsBeforeStart {
        /// The first date.
        starts_on: Date,
        /// The last date.
        ends_on: Date,
    },
}

impl InvalidWindow {
    /// The term that is wrong.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownZone(_) => "time_zone",
            Self::NoDays => "days",
            Self::NoHours(_) => "closes",
            Self::EndsBeforeStart { .. } => "ends_on",
        }
    }
}

/// What a window says of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Calls may be made now, and before this instant.
    Open {
        /// When the window closes; exclusive.
        until: Timestamp,
    },
    /// Closed; this is the first instant at which calls may be made again.
    OpensAt(Timestamp),
    /// Closed, and the last date has passed.
    NeverAgain,
}

impl CallingWindow {
    /// A window on these terms.
    ///
    /// # Errors
    /// Says which of the terms cannot be, and what is expected instead.
    pub fn new(terms: Terms) -> Result<Self, InvalidWindow> {
        let Some(zone) = span::time_zone(&terms.time_zone) else {
            return Err(InvalidWindow::UnknownZone(terms.time_zone.chars().take(64).collect()));
        };
        if terms.days.is_empty() {
            return Err(InvalidWindow::NoDays);
        }
        if terms.opens == terms.closes {
            return Err(InvalidWindow::NoHours(terms.opens));
        }
        if let (Some(starts_on), Some(ends_on)) = (terms.starts_on, terms.ends_on)
            && ends_on < starts_on
        {
            return Err(InvalidWindow::EndsBeforeStart { starts_on, ends_on });
        }
        Ok(Self { terms, zone })
    }

    /// The terms of the window.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether the window is open, and until when; or when it opens next.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Status {
        let today = self.date(now);
        // A window that opened yesterday may run past midnight.
        let mut day = today.yesterday().unwrap_or(today).max(self.terms.starts_on.unwrap_or(Date::MIN));
        for _ in 0..SEARCH_DAYS {
            match self.on(day) {
                Some(Span { opens, closes }) if now < closes => {
                    return if opens <= now {
                        Status::Open { until: closes }
                    } else {
                        Status::OpensAt(opens)
                    };
                }
                Some(_) | None => {}
            }
            match day.tomorrow() {
                Ok(tomorrow) if self.terms.ends_on.is_none_or(|last| tomorrow <= last) => day = tomorrow,
                Ok(_) | Err(_) => break,
            }
        }
        Status::NeverAgain
    }

    /// Whether the first date of the window is still to come.
    #[must_use]
    pub fn starts_later(&self, now: Timestamp) -> bool {
        self.terms.starts_on.is_some_and(|first| self.date(now) < first)
    }

    fn date(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The stretch of time that belongs to the window opening on a day; none when it stays closed.
    fn on(&self, day: Date) -> Option<Span> {
        let Terms { days, opens, closes, starts_on, ends_on, .. } = &self.terms;
        let in_season = starts_on.is_none_or(|first| first <= day) && ends_on.is_none_or(|last| day <= last);
        if !in_season || !days.contains(day.weekday()) {
            return None;
        }
        if opens < closes {
            return Span::new(&self.zone, day.to_datetime(opens.time()), day.to_datetime(closes.time()));
        }
        let tomorrow = day.tomorrow().ok()?;
        let last_minute = if *ends_on == Some(day) { ClockTime::MIDNIGHT } else { *closes };
        Span::new(&self.zone, day.to_datetime(opens.time()), tomorrow.to_datetime(last_minute.time()))
    }
}

impl TryFrom<Terms> for CallingWindow {
    type Error = InvalidWindow;

    fn try_from(terms: Terms) -> Result<Self, InvalidWindow> {
        Self::new(terms)
    }
}

impl From<CallingWindow> for Terms {
    fn from(window: CallingWindow) -> Self {
        window.terms
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn window(zone: &str, hours: &str, edit: impl FnOnce(&mut Terms)) -> CallingWindow {
        let (opens, closes) = hours.split_once('-').unwrap();
        let mut terms = Terms::office_hours(zone);
        (terms.opens, terms.closes, terms.days) =
            (opens.parse().unwrap(), closes.parse().unwrap(), Days::ALL);
        edit(&mut terms);
        CallingWindow::new(terms).unwrap()
    }

    /// The window that opens on `date` alone runs from `opens` to `closes`, to the nanosecond.
    #[track_caller]
    fn check(zone: &str, date: &str, hours: &str, opens: &str, closes: &str) {
        let date: Date = date.parse().unwrap();
        let window = window(zone, hours, |terms| terms.starts_on = Some(date));
        let (opens, closes): (Timestamp, Timestamp) = (opens.parse().unwrap(), closes.parse().unwrap());
        let tick = SignedDuration::from_nanos(1);
        assert_eq!(window.status(opens - SignedDuration::from_hours(60 * 24)), Status::OpensAt(opens));
        assert_eq!(window.status(opens - tick), Status::OpensAt(opens));
        assert_eq!(window.status(opens), Status::Open { until: closes });
        assert_eq!(window.status(closes - tick), Status::Open { until: closes });
        assert!(matches!(window.status(closes), Status::OpensAt(next) if next > closes));
    }

    #[test]
    fn hours_are_civil_time_in_any_zone() {
        check("Asia/Kolkata", "2026-11-23", "09:00-17:00", "2026-11-23T03:30Z", "2026-11-23T11:30Z");
        check("Pacific/Kiritimati", "2026-11-23", "09:00-17:00", "2026-11-22T19:00Z", "2026-11-23T03:00Z");
        check("America/Phoenix", "2027-03-14", "02:30-17:00", "2027-03-14T09:30Z", "2027-03-15T00:00Z");
        check("America/Phoenix", "2026-07-01", "09:00-17:00", "2026-07-01T16:00Z", "2026-07-02T00:00Z");
        // Morocco keeps UTC+1 but for Ramadan (here until 2026-03-22), and returns to UTC+0 on 2026-09-20.
        check("Africa/Casablanca", "2026-03-20", "09:00-17:00", "2026-03-20T09:00Z", "2026-03-20T17:00Z");
        check("Africa/Casablanca", "2026-07-01", "09:00-17:00", "2026-07-01T08:00Z", "2026-07-01T16:00Z");
        check("Africa/Casablanca", "2026-11-23", "09:00-17:00", "2026-11-23T09:00Z", "2026-11-23T17:00Z");
    }

    #[test]
    fn british_columbia_stays_on_summer_time_from_november_2026() {
        check("America/Vancouver", "2026-02-02", "09:00-17:00", "2026-02-02T17:00Z", "2026-02-03T01:00Z");
        check("America/Vancouver", "2026-12-01", "09:00-17:00", "2026-12-01T16:00Z", "2026-12-02T00:00Z");
    }

    #[test]
    fn a_skipped_time_means_the_first_instant_after_the_gap() {
        // New York's clocks jump from 02:00 to 03:00 at 07:00Z.
        check("America/New_York", "2027-03-14", "02:30-17:00", "2027-03-14T07:00Z", "2027-03-14T21:00Z");
        check("America/New_York", "2027-03-14", "01:00-02:30", "2027-03-14T06:00Z", "2027-03-14T07:00Z");
        check("America/New_York", "2027-03-14", "09:00-17:00", "2027-03-14T13:00Z", "2027-03-14T21:00Z");
        // Lord Howe's from 02:00 to 02:30 at 15:30Z of the day before.
        check("Australia/Lord_Howe", "2026-10-04", "02:15-09:00", "2026-10-03T15:30Z", "2026-10-03T22:00Z");
        // Beirut skips midnight itself.
        check("Asia/Beirut", "2027-03-28", "00:00-09:00", "2027-03-27T22:00Z", "2027-03-28T06:00Z");
    }

    #[test]
    fn of_a_time_that_comes_twice_the_window_takes_the_shorter_side() {
        // New York's clocks go back from 02:00 to 01:00 at 06:00Z: 01:30 is 05:30Z and again 06:30Z.
        check("America/New_York", "2026-11-01", "00:30-01:30", "2026-11-01T04:30Z", "2026-11-01T05:30Z");
        check("America/New_York", "2026-11-01", "01:30-09:00", "2026-11-01T06:30Z", "2026-11-01T14:00Z");
        check("America/New_York", "2026-11-01", "00:30-02:30", "2026-11-01T04:30Z", "2026-11-01T07:30Z");
        // Lord Howe's go back by half an hour, from 02:00 to 01:30 at 15:00Z of the day before.
        check("Australia/Lord_Howe", "2026-04-05", "00:30-01:45", "2026-04-04T13:30Z", "2026-04-04T14:45Z");
    }

    #[test]
    fn a_window_lost_to_a_clock_change_opens_the_next_day() {
        let inside_gap =
            window("America/New_York", "02:10-02:50", |terms| terms.days = "sun".parse().unwrap());
        let saturday: Timestamp = "2027-03-13T12:00Z".parse().unwrap();
        assert_eq!(inside_gap.status(saturday), Status::OpensAt("2027-03-21T06:10Z".parse().unwrap()));
        let inside_repeat = window("America/New_York", "01:10-01:50", |_| {});
        let before: Timestamp = "2026-11-01T04:00Z".parse().unwrap();
        assert_eq!(inside_repeat.status(before), Status::OpensAt("2026-11-02T06:10Z".parse().unwrap()));
    }

    #[test]
    fn past_midnight_belongs_to_the_day_of_opening_and_stops_at_the_last_date() {
        check("Europe/Berlin", "2026-10-24", "22:00-04:00", "2026-10-24T20:00Z", "2026-10-25T03:00Z");
        check("Europe/Berlin", "2026-11-23", "18:00-00:00", "2026-11-23T17:00Z", "2026-11-23T23:00Z");
        let fridays = window("Europe/Berlin", "22:00-02:00", |terms| {
            terms.days = "fri".parse().unwrap();
            terms.starts_on = Some("2026-11-27".parse().unwrap());
            terms.ends_on = Some("2026-12-04".parse().unwrap());
        });
        for (now, expected) in [
            ("2026-11-21T00:30:00Z", Status::OpensAt("2026-11-27T21:00Z".parse().unwrap())),
            ("2026-11-28T00:30:00Z", Status::Open { until: "2026-11-28T01:00Z".parse().unwrap() }),
            ("2026-12-04T22:59:59Z", Status::Open { until: "2026-12-04T23:00Z".parse().unwrap() }),
            ("2026-12-04T23:00:00Z", Status::NeverAgain),
        ] {
            assert_eq!(fridays.status(now.parse().unwrap()), expected, "{now}");
        }
    }

    #[test]
    fn weekends_are_skipped_and_the_calendar_ends_without_a_panic() {
        let office = CallingWindow::new(Terms::office_hours("Europe/London")).unwrap();
        let friday_evening = "2026-11-27T17:00Z".parse().unwrap();
        assert_eq!(office.status(friday_evening), Status::OpensAt("2026-11-30T09:00Z".parse().unwrap()));
        assert_eq!(office.status(Timestamp::MAX), Status::NeverAgain);
        assert!(matches!(office.status(Timestamp::MIN), Status::OpensAt(_)));
    }

    #[test]
    fn terms_are_stored_as_they_read_and_checked_when_loaded() {
        let office: CallingWindow = serde_json::from_str(r#"{"time_zone":"Asia/Karachi"}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&office).unwrap(),
            concat!(
                r#"{"time_zone":"Asia/Karachi","days":["mon","tue","wed","thu","fri"],"#,
                r#""opens":"09:00","closes":"17:00"}"#
            )
        );
        for (json, expected) in [
            (r#"{"time_zone":"Mars/Olympus"}"#, "unknown time zone `Mars/Olympus`"),
            (r#"{"time_zone":"Etc/Unknown"}"#, "unknown time zone `Etc/Unknown`"),
            (r#"{"time_zone":"UTC","days":[]}"#, "at least one day"),
            (r#"{"time_zone":"UTC","days":["funday"]}"#, "`funday` is not a day of the week"),
            (r#"{"time_zone":"UTC","opens":"17:00"}"#, "cannot open and close at the same time, 17:00"),
            (r#"{"time_zone":"UTC","opens":"25:00"}"#, "`25:00` is not a time of day"),
            (
                r#"{"time_zone":"UTC","starts_on":"2026-02-01","ends_on":"2026-01-31"}"#,
                "2026-01-31, lies before",
            ),
            (r#"{"time_zone":"UTC","day":["mon"]}"#, "unknown field `day`"),
        ] {
            let error = serde_json::from_str::<CallingWindow>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
