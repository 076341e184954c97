//! Time zones in which a telephone may be, judged by its number.

#[rustfmt::skip]
mod table;

use crate::phone::Phone;

/// The zones in which a phone may be, as names of the IANA database, sorted; none when nothing is known.
///
/// The digits of a fixed line tell the place. A mobile, toll-free or internet number of most countries
/// may be anywhere in its country, whatever its digits, so all zones of the country are candidates.
#[must_use]
pub fn of(phone: &Phone) -> Vec<&'static str> {
    let of_country = if phone.geographic { Vec::new() } else { of_country(&phone.country) };
    if of_country.is_empty() { candidates(&phone.e164) } else { of_country }
}

/// The zones that the leading digits of a number in E.164 form stand for, by its longest known prefix,
/// sorted; none for numbers that belong to no place, such as satellite phones.
///
/// For a number that is not tied to its digits this is too narrow: prefer [`of`].
#[must_use]
pub fn candidates(e164: &str) -> Vec<&'static str> {
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    (1..=table::LONGEST_PREFIX.min(digits.len()))
        .rev()
        .find_map(|length| {
            let prefix: u32 = digits.get(..length)?.parse().ok()?;
            let index = table::PREFIXES.binary_search_by_key(&prefix, |(known, _)| *known).ok()?;
            table::PREFIXES.get(index).map(|(_, set)| names(*set))
        })
        .unwrap_or_default()
}

/// All zones of a country (ISO 3166 alpha-2, capitals), sorted; none when the country is unknown.
#[must_use]
pub fn of_country(country: &str) -> Vec<&'static str> {
    table::COUNTRIES
        .binary_search_by_key(&country, |(known, _)| known)
        .ok()
        .and_then(|index| table::COUNTRIES.get(index))
        .map(|(_, set)| names(*set))
        .unwrap_or_default()
}

/// The candidates, corrected by a zone that is stated for the lead itself, such as that of its address.
///
/// A stated zone among the candidates settles the question. One that contradicts them is added: the
/// lead may be where the number says or where the file says, and is called when both allow it.
#[must_use]
pub fn narrowed<'a>(candidates: Vec<&'a str>, stated: &'a str) -> Vec<&'a str> {
    if candidates.contains(&stated) {
        return vec![stated];
    }
    let mut zones = candidates;
    zones.push(stated);
    zones.sort_unstable();
    zones
}

fn names(set: u16) -> Vec<&'static str> {
    let indexes = table::SETS.get(usize::from(set)).copied().unwrap_or_default();
    indexes.iter().filter_map(|index| table::NAMES.get(usize::from(*index)).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone;
    use crate::window::span::time_zone;

    #[test]
    fn the_longest_prefix_decides() {
        for (e164, expected) in [
            ("+14155552671", &["America/Los_Angeles"][..]),
            ("+12125550123", &["America/New_York"]),
            ("+12083205550", &["America/Boise", "America/Los_Angeles"]),
            ("+923001234567", &["Asia/Karachi"]),
            ("+881612345678", &[]),
            ("+", &[]),
            ("", &[]),
            ("+٣٣", &[]),
        ] {
            assert_eq!(candidates(e164), expected, "{e164}");
        }
        assert_eq!(candidates("+1").len(), 42);
    }

    #[test]
    fn a_number_without_a_place_may_be_anywhere_in_its_country() {
        let of = |text: &str| of(&phone::parse(text, "US").unwrap());
        // An Australian mobile: by its digits alone it would be in Sydney.
        assert_eq!(candidates("+61412345678"), ["Australia/Sydney"]);
        assert!(of("+61412345678").contains(&"Australia/Perth"));
        // A toll-free number: its owner may be anywhere in the United States, but not in the Caribbean.
        assert!(of("+18005550123").contains(&"Pacific/Honolulu"));
        assert!(!of("+18005550123").contains(&"America/Jamaica"));
        assert_eq!(of("+923001234567"), ["Asia/Karachi"]);
        assert_eq!(of("+14155552671"), ["America/Los_Angeles"]);
        assert_eq!(of("+12684641234"), ["America/Antigua"]);
        // Kosovo has no zones of its own in the database.
        assert_eq!(of("+38343201234"), ["Europe/Belgrade"]);
        assert!(of("+881612345678").is_empty());
    }

    #[test]
    fn a_stated_zone_settles_or_adds() {
        let candidates = || vec!["America/Chicago", "America/New_York"];
        assert_eq!(narrowed(candidates(), "America/Chicago"), ["America/Chicago"]);
        let both = ["America/Chicago", "America/Los_Angeles", "America/New_York"];
        assert_eq!(narrowed(candidates(), "America/Los_Angeles"), both);
    }

    #[test]
    fn the_table_is_sound() {
        assert!(table::PREFIXES.len() > 3000 && table::COUNTRIES.len() > 200, "the table is incomplete");
        assert!(table::PREFIXES.is_sorted_by_key(|(prefix, _)| *prefix));
        assert!(table::COUNTRIES.is_sorted_by_key(|(country, _)| *country));
        for (prefix, set) in table::PREFIXES {
            assert!(!names(*set).is_empty() && names(*set).is_sorted(), "{prefix}");
        }
        for (country, set) in table::COUNTRIES {
            assert!(!names(*set).is_empty() && names(*set).is_sorted(), "{country}");
        }
        let unresolved: Vec<_> = table::NAMES.iter().filter(|name| time_zone(name).is_none()).collect();
        assert!(unresolved.is_empty(), "not in the bundled database: {unresolved:?}");
    }
}
