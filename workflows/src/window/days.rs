//! Sets of days of the week.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::words::UnknownWord;

/// A set of days of the week. In JSON a list such as `["mon", "tue"]`; in text `mon,tue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<&'static str>")]
pub struct Days(u8);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Days {
    /// Monday to Sunday.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKDAYS: Self = Self(0b001_1111);

    /// Whether the day is in the set.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// Whether no day is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().enumerate().filter(move |(index, _)| self.0 >> index & 1 == 1).map(|(_, name)| name)
    }

    fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, UnknownWord> {
        names.map(str::trim).try_fold(Self(0), |days, name| {
            let index = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name));
            index.map(|index| Self(days.0 | 1 << index)).ok_or_else(|| UnknownWord {
                what: "day of the week",
                text: name.chars().take(64).collect(),
                known: NAMES.join(", "),
            })
        })
    }
}

const fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

impl Default for Days {
    /// Monday to Friday.
    fn default() -> Self {
        Self::WORKDAYS
    }
}

impl FromIterator<Weekday> for Days {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |set, day| set | bit(day)))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(","))
    }
}

impl FromStr for Days {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::read(text.split(',').filter(|name| !name.trim().is_empty()))
    }
}

impl TryFrom<Vec<String>> for Days {
    type Error = UnknownWord;

    fn try_from(names: Vec<String>) -> Result<Self, UnknownWord> {
        Self::read(names.iter().map(String::as_str))
    }
}

impl From<Days> for Vec<&'static str> {
    fn from(days: Days) -> Self {
        days.names().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_written_in_the_order_of_the_week() {
        let days: Days = " Sun, mon ,MON".parse().unwrap();
        assert_eq!(days.to_string(), "mon,sun");
        assert_eq!(days, [Weekday::Sunday, Weekday::Monday].into_iter().collect());
        assert!(days.contains(Weekday::Sunday) && !days.contains(Weekday::Tuesday));
        assert_eq!(Days::default().to_string(), "mon,tue,wed,thu,fri");
        assert!("".parse::<Days>().unwrap().is_empty());
        assert!("mon;tue".parse::<Days>().is_err());
    }
}
