//! Caller ids: which number of a campaign's pool a call shows, and whether one is left for today.

use jiff::Timestamp;

use crate::phone;

/// A number that a campaign may show, as it stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerId {
    /// The number, E.164.
    pub phone: String,
    /// Whether the organisation has named it and the carrier lets it be shown.
    pub usable: bool,
    /// Calls that may be opened with it in a day; none for any number.
    pub daily_cap: Option<u32>,
    /// Calls that were opened with it today, in all campaigns.
    pub calls_today: u32,
}

impl CallerId {
    /// How many more calls may be opened with it today.
    #[must_use]
    pub fn room(&self) -> u32 {
        match self.daily_cap {
            _ if !self.usable => 0,
            Some(cap) => cap.saturating_sub(self.calls_today),
            None => u32::MAX,
        }
    }
}

/// The numbers that a campaign may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The numbers, in the order in which the campaign names them.
    pub numbers: Vec<CallerId>,
    /// Whether a lead sees a number of its own area, where there is one with room.
    pub local_presence: bool,
    /// When the day ends that calls are counted by.
    pub day_ends_at: Timestamp,
}

/// Whether a number is left to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// One is.
    Available,
    /// Every number that may be shown has made its calls for the day, which ends then.
    CappedUntil(Timestamp),
    /// None may be shown at all.
    Unusable,
}

impl Pool {
    /// Whether a number is left to show.
    #[must_use]
    pub fn availability(&self) -> Availability {
        if self.room() > 0 {
            Availability::Available
        } else if self.numbers.iter().any(|number| number.usable) {
            Availability::CappedUntil(self.day_ends_at)
        } else {
            Availability::Unusable
        }
    }

    /// How many more calls may be opened today.
    #[must_use]
    pub fn room(&self) -> u32 {
        self.numbers.iter().fold(0, |room, number| room.saturating_add(number.room()))
    }

    /// Chooses the number that a lead sees, and counts the call: of those with room one of the lead's area, when
    /// this is wanted, and among equals the one that was shown least today. None when no number is left.
    pub fn take(&mut self, lead_phone: &str) -> Option<String> {
        let area = if self.local_presence { phone::area(lead_phone) } else { None };
        let is_elsewhere = |number: &CallerId| area.is_none() || phone::area(&number.phone) != area;
        let chosen = self
            .numbers
            .iter_mut()
            .filter(|number| number.room() > 0)
            .min_by_key(|number| (is_elsewhere(number), number.calls_today))?;
        chosen.calls_today += 1;
        Some(chosen.phone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(phone: &str, cap: Option<u32>, calls_today: u32) -> CallerId {
        CallerId { phone: phone.to_owned(), usable: true, daily_cap: cap, calls_today }
    }

    fn pool(numbers: Vec<CallerId>) -> Pool {
        let day_ends_at = "2026-11-24T05:00:00Z".parse().unwrap();
        Pool { numbers, local_presence: true, day_ends_at }
    }

    const NEW_YORK: &str = "+12125550100";
    const SAN_FRANCISCO: &str = "+14155550100";
    const LONDON: &str = "+442079460100";

    /// Who is shown to each of some leads, one after the other.
    fn shown(pool: &mut Pool, leads: &[&str]) -> Vec<Option<String>> {
        leads.iter().map(|lead| pool.take(lead)).collect()
    }

    #[test]
    fn a_lead_sees_a_number_of_its_own_area() {
        let numbers = || [NEW_YORK, SAN_FRANCISCO, LONDON].map(|phone| number(phone, None, 0)).to_vec();
        let mut near = pool(numbers());
        for (lead, expected) in [
            ("+14155550171", SAN_FRANCISCO),
            ("+14155550172", SAN_FRANCISCO),
            ("+442079460171", LONDON),
            ("+12125550171", NEW_YORK),
            // Of no area that the pool has, or of none at all: whoever was shown least.
            ("+13125550171", NEW_YORK),
            ("+18005550171", LONDON),
            ("+923001234567", NEW_YORK),
        ] {
            assert_eq!(near.take(lead).as_deref(), Some(expected), "{lead}");
        }
        let mut anywhere = Pool { local_presence: false, ..pool(numbers()) };
        assert_eq!(anywhere.take("+14155550171").as_deref(), Some(NEW_YORK), "it is not wanted");
    }

    #[test]
    fn the_least_used_number_goes_first_and_calls_are_spread() {
        let used = [(NEW_YORK, 2), (SAN_FRANCISCO, 0), (LONDON, 1)];
        let mut pool = pool(used.map(|(phone, calls)| number(phone, None, calls)).to_vec());
        for _ in 0..9 {
            pool.take("+13125550171").unwrap();
        }
        let calls: Vec<u32> = pool.numbers.iter().map(|number| number.calls_today).collect();
        assert_eq!(calls, [4, 4, 4]);
    }

    #[test]
    fn a_cap_is_never_passed_and_the_neighbour_steps_in() {
        let mut pool = pool(vec![number(NEW_YORK, Some(2), 0), number(SAN_FRANCISCO, Some(3), 2)]);
        assert_eq!((pool.room(), pool.availability()), (3, Availability::Available));
        let seen = shown(&mut pool, &["+12125550171"; 4]);
        let expected = [Some(NEW_YORK), Some(NEW_YORK), Some(SAN_FRANCISCO), None];
        assert_eq!(seen, expected.map(|phone| phone.map(str::to_owned)));
        assert_eq!(pool.availability(), Availability::CappedUntil(pool.day_ends_at));
        // A cap that was lowered below what was shown already.
        pool.numbers[0].daily_cap = Some(1);
        assert_eq!(pool.room(), 0);
    }

    #[test]
    fn what_may_not_be_shown_is_not() {
        let unusable = |phone, cap| CallerId { usable: false, ..number(phone, cap, 0) };
        let mut none = pool(vec![unusable(NEW_YORK, None), unusable(LONDON, Some(9))]);
        assert_eq!((none.take("+12125550171"), none.availability()), (None, Availability::Unusable));
        assert_eq!(pool(Vec::new()).availability(), Availability::Unusable);
        // One that is at its cap comes back tomorrow, whatever the other does.
        let mixed = pool(vec![unusable(NEW_YORK, None), number(LONDON, Some(1), 1)]);
        assert_eq!(mixed.availability(), Availability::CappedUntil(mixed.day_ends_at));
        let mut other = pool(vec![unusable(NEW_YORK, None), number(LONDON, None, 7)]);
        assert_eq!(other.take("+12125550171").as_deref(), Some(LONDON));
    }
}
