//! Rates: what the carrier asks for a unit of each thing that it charges for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::money;
use crate::words::words;

words! {
    /// A thing that the carrier charges for.
    pub enum Item, "rate" {
        /// A begun minute of an answered leg to a telephone.
        Leg = "leg",
        /// A begun minute of an answered leg to a browser or a SIP device.
        ClientLeg = "client_leg",
        /// A detection of answering machines, whatever it concludes.
        Detection = "amd",
        /// A begun minute of one participant in a conference.
        Conference = "conference",
        /// A begun minute of recording.
        Recording = "recording",
        /// A telephone number for a month.
        Number = "number",
    }
}

impl Item {
    /// The most that a unit may cost, in micros: beyond it somebody has typed cents, or a digit too many. Sums of
    /// such amounts are far from the end of what can be counted.
    const fn micros_max(self) -> i64 {
        match self {
            Self::Number => 1_000_000_000,
            Self::Leg | Self::ClientLeg | Self::Detection | Self::Conference | Self::Recording => 10_000_000,
        }
    }
}

/// What a unit of each [`Item`] costs, in micros of a US dollar.
///
/// Written as `leg=0.014,client_leg=0.004,...`, amounts in dollars with at most six places, up to 10 dollars and for
/// a number up to 1000; what is left out has its default. The default is the list of prices in the United States for
/// accounts that pay as they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Rates([i64; Item::ALL.len()]);

/// Why a text holds no rates. Continues a sentence that begins with the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRates {
    /// A part of it is no `ITEM=AMOUNT`.
    #[error("has no `=` in `{0}`")]
    NoAmount(String),
    /// It names something that is not charged for.
    #[error("has an unknown rate, `{0}`")]
    Unknown(String),
    /// It names something twice.
    #[error("names the rate {0} twice")]
    Twice(Item),
    /// An amount is none, or out of range.
    #[error("has a wrong amount for {0}")]
    Amount(Item),
}

impl Rates {
    /// What a unit of an item costs, in micros.
    #[must_use]
    pub const fn of(&self, item: Item) -> i64 {
        self.0[item as usize]
    }

    /// One minute of a call in progress, at its dearest, in micros: two legs in a recorded conference.
    #[must_use]
    pub const fn call_minute_micros(&self) -> i64 {
        2 * (self.of(Item::Leg) + self.of(Item::Conference)) + self.of(Item::Recording)
    }

    /// What is set aside for a call before it is dialed, in micros: ten minutes. One that lasts longer is counted as
    /// it goes.
    #[must_use]
    pub const fn reservation_micros(&self) -> i64 {
        10 * self.call_minute_micros() + self.of(Item::Detection)
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self([14_000, 4_000, 7_500, 1_800, 2_500, 1_150_000])
    }
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in Item::ALL.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{item}={}", money::show(self.of(*item)))?;
        }
        Ok(())
    }
}

impl FromStr for Rates {
    type Err = InvalidRates;

    fn from_str(text: &str) -> Result<Self, InvalidRates> {
        let mut rates = Self::default();
        let mut named = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (item, amount) =
                part.split_once('=').ok_or_else(|| InvalidRates::NoAmount(part.to_owned()))?;
            let item: Item = item.parse().map_err(|_| InvalidRates::Unknown(item.trim().to_owned()))?;
            if named.contains(&item) {
                return Err(InvalidRates::Twice(item));
            }
            named.push(item);
            let micros = money::read(amount.trim()).filter(|micros| *micros <= item.micros_max());
            rates.0[item as usize] = micros.ok_or(InvalidRates::Amount(item))?;
        }
        Ok(rates)
    }
}

impl From<Rates> for String {
    fn from(rates: Rates) -> Self {
        rates.to_string()
    }
}

impl TryFrom<String> for Rates {
    type Error = InvalidRates;

    fn try_from(text: String) -> Result<Self, InvalidRates> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_written_as_they_are_read() {
        let list = "leg=0.014,client_leg=0.004,amd=0.0075,conference=0.0018,recording=0.0025,number=1.15";
        assert_eq!(Rates::default().to_string(), list);
        assert_eq!(list.parse(), Ok(Rates::default()));
        assert_eq!("".parse(), Ok(Rates::default()));
        let some: Rates = " LEG = 0.0126 , number=0,".parse().unwrap();
        assert_eq!((some.of(Item::Leg), some.of(Item::Number), some.of(Item::Recording)), (12_600, 0, 2_500));
        let json = serde_json::to_string(&some).unwrap();
        assert_eq!(serde_json::from_str::<Rates>(&json).unwrap(), some);
        assert!(serde_json::from_str::<Rates>(r#""leg=1000""#).is_err());
    }

    #[test]
    fn wrong_rates_are_refused_in_words() {
        for (text, expected) in [
            ("leg", "has no `=` in `leg`"),
            ("legs=0.01", "has an unknown rate, `legs`"),
            ("amd=0.01,leg=1,AMD=2", "names the rate amd twice"),
            ("leg=", "has a wrong amount for leg"),
            ("leg=-0.014", "has a wrong amount for leg"),
            ("leg=0.0140001", "has a wrong amount for leg"),
            ("leg=10.000001", "has a wrong amount for leg"),
            ("number=1000.01", "has a wrong amount for number"),
        ] {
            assert_eq!(text.parse::<Rates>().unwrap_err().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn a_call_in_progress_is_counted_at_its_dearest() {
        let rates = Rates::default();
        assert_eq!(rates.call_minute_micros(), 34_100);
        assert_eq!(rates.reservation_micros(), 348_500);
    }
}
