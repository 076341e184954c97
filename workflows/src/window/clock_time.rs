//! Times of day to the minute.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// A time of day to the minute, from 00:00 to 23:59, written `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(Time);

/// Why a text is not a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of day: expected `HH:MM` from 00:00 to 23:59")]
pub struct InvalidClockTime(String);

impl ClockTime {
    /// The start of a day; as a closing time, the end of the day before.
    pub const MIDNIGHT: Self = Self::full_hour(0);

    /// A full hour, from 0 to 23.
    pub(super) const fn full_hour(hour: i8) -> Self {
        Self(Time::constant(hour, 0, 0, 0))
    }

    /// The same as a civil time.
    #[must_use]
    pub const fn time(self) -> Time {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl FromStr for ClockTime {
    type Err = InvalidClockTime;

    fn from_str(text: &str) -> Result<Self, InvalidClockTime> {
        let number = |digits: &str| {
            let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<i8>().ok()).flatten()
        };
        text.split_once(':')
            .filter(|(_, minutes)| minutes.len() == 2)
            .and_then(|(hours, minutes)| Time::new(number(hours)?, number(minutes)?, 0, 0).ok())
            .map(Self)
            .ok_or_else(|| InvalidClockTime(text.chars().take(64).collect()))
    }
}

impl TryFrom<String> for ClockTime {
    type Error = InvalidClockTime;

    fn try_from(text: String) -> Result<Self, InvalidClockTime> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_of_day_are_read() {
        for (text, expected) in
            [("09:00", "09:00"), ("9:05", "09:05"), ("23:59", "23:59"), ("00:00", "00:00")]
        {
            assert_eq!(text.parse::<ClockTime>().unwrap().to_string(), expected);
        }
        for text in ["24:00", "12:60", "9", "9:5", "-1:00", "+9:00", "09:00:00", "", ":", "９:00", "009:00"]
        {
            assert!(text.parse::<ClockTime>().is_err(), "{text}");
        }
    }
}
