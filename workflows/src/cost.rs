//! Cost: what the carrier will charge for calls.
//!
//! Money is counted in micros, millionths of a US dollar. What is charged for is counted in whole units, a [`Usage`];
//! what a unit costs is a setting, the [`Rates`]. The cost of a call is estimated so when it ends, until the carrier tells
//! what it charged for its legs; and a month is [forecast] by the same sums.

pub mod forecast;
pub mod rates;

pub use rates::{Item, Rates};

use crate::call::memory::Memory;
use crate::call::{LegRecord, Plan};
use crate::words::words;

words! {
    /// What the cost of a call rests on.
    pub enum Basis, "basis of a cost" {
        /// On our rates; the carrier has not told its prices yet.
        Estimated = "estimated",
        /// Its legs on the carrier's own prices, what else there is on our rates.
        Billed = "billed",
        /// On our rates: the carrier charges in another currency than theirs.
        OtherCurrency = "other_currency",
        /// On our rates: the carrier never told its prices.
        NotPriced = "not_priced",
    }
}

/// The estimated cost of a call in micros.
#[must_use]
pub fn of(call: &Memory, plan: &Plan, rates: &Rates) -> i64 {
    Usage::of(call, plan).micros(rates)
}

/// The cost of a call in micros, with what the carrier charged for its legs; the rest is estimated.
#[must_use]
pub fn billed(call: &Memory, plan: &Plan, rates: &Rates, legs_micros: i64) -> i64 {
    let usage = Usage::of(call, plan);
    let legs = usage.micros_of(Item::Leg, rates) + usage.micros_of(Item::ClientLeg, rates);
    usage.micros(rates) - legs + legs_micros
}

/// The legs that are charged for: what was never answered is free.
pub fn charged_legs(call: &Memory) -> impl Iterator<Item = &LegRecord> {
    call.legs.iter().filter(|leg| leg.answered_at.is_some())
}

/// What is charged for: of each item so many units, as [`Item`] says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage([i64; Item::ALL.len()]);

impl Usage {
    /// What is charged for one call.
    #[must_use]
    pub fn of(call: &Memory, plan: &Plan) -> Self {
        let mut usage = Self::default();
        for leg in charged_legs(call) {
            let line = if leg.to_client { Item::ClientLeg } else { Item::Leg };
            usage.add_leg(line, i64::from(leg.duration_s));
        }
        if call.verdict.is_some() {
            usage.add(Item::Detection, 1);
        }
        if call.waiting_since.is_some() {
            usage.add_conference();
        }
        if plan.conduct.record {
            usage.add_recording(call.talk_s());
        }
        usage
    }

    /// Adds units of an item.
    pub fn add(&mut self, item: Item, units: i64) {
        self.0[item as usize] += units;
    }

    /// Adds an answered leg by its line, [`Item::Leg`] or [`Item::ClientLeg`]. One of less than a second is charged as
    /// one second, hence as one minute.
    pub fn add_leg(&mut self, line: Item, duration_s: i64) {
        self.add(line, begun_minutes(duration_s.max(1)));
    }

    /// Adds a conference that every leg counted so far was in, for as long as it was connected.
    pub fn add_conference(&mut self) {
        self.add(Item::Conference, self.units(Item::Leg) + self.units(Item::ClientLeg));
    }

    /// Adds a recording; one of no length is not charged.
    pub fn add_recording(&mut self, duration_s: i64) {
        self.add(Item::Recording, begun_minutes(duration_s));
    }

    /// Adds another usage so many times.
    pub fn add_times(&mut self, times: i64, other: &Self) {
        for (units, more) in self.0.iter_mut().zip(other.0) {
            *units += times * more;
        }
    }

    /// Units of one item.
    #[must_use]
    pub fn units(&self, item: Item) -> i64 {
        self.0[item as usize]
    }

    /// The cost of one item in micros.
    #[must_use]
    pub fn micros_of(&self, item: Item, rates: &Rates) -> i64 {
        self.units(item) * rates.of(item)
    }

    /// The cost in micros.
    #[must_use]
    pub fn micros(&self, rates: &Rates) -> i64 {
        Item::ALL.iter().map(|item| self.micros_of(*item, rates)).sum()
    }
}

/// The carrier charges begun minutes.
fn begun_minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}

#[cfg(test)]
mod tests;
