//! Two libraries read the same numbers: a check of the one that decides by one that does not.

use phonenumber::country::Id;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
use warmline_workflows::phone;

/// Example numbers of every country and sort, as they are, in national form, and spoilt in several ways.
fn sample() -> Vec<(String, Region)> {
    let mut seed: u32 = 20_261_123;
    let mut digits = |count: usize| -> String {
        let mut digit = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_digit((seed >> 16) % 10, 10).unwrap_or('0')
        };
        (0..count).map(|_| digit()).collect()
    };
    let sorts = [PhoneNumberType::FixedLine, PhoneNumberType::Mobile];
    let mut regions: Vec<_> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_unstable();
    let mut numbers = Vec::new();
    for (region, sort) in regions.into_iter().flat_map(|region| sorts.map(|sort| (region, sort))) {
        let Ok(example) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, sort) else {
            continue;
        };
        let national = example.format_as(PhoneNumberFormat::National).into_owned();
        let whole = example.format_as(PhoneNumberFormat::E164).into_owned();
        let without = |count: usize| &whole[..whole.len() - count];
        let other_ends =
            [1, 4, 7].map(|count| format!("{}{}", without(count.min(whole.len() - 4)), digits(count)));
        let too_long = format!("{whole}{}", digits(1));
        let texts = [national, whole.clone(), without(1).to_owned(), too_long];
        numbers.extend(texts.into_iter().chain(other_ends).map(|text| (text, region)));
    }
    numbers
}

#[test]
fn another_library_agrees_on_nearly_all_numbers() {
    let numbers = sample();
    let (mut valid, mut differences) = (0, Vec::new());
    for (text, region) in &numbers {
        let ours = phone::parse(text, &region.to_string()).ok().map(|phone| phone.e164);
        let country = region.to_string().parse::<Id>().ok();
        let theirs = phonenumber::parse(country, text)
            .ok()
            .filter(phonenumber::PhoneNumber::is_valid)
            .map(|number| number.format().mode(phonenumber::Mode::E164).to_string());
        valid += usize::from(ours.is_some());
        if ours != theirs {
            differences.push(format!("{text} {region}: {ours:?} or {theirs:?}"));
        }
    }
    let (all, different) = (numbers.len(), differences.len());
    assert!(valid > all / 3 && valid < all * 9 / 10, "{valid} of {all} numbers are valid: a poor sample");
    assert!(different * 100 < all * 3, "{different} of {all} numbers differ:\n{}", differences.join("\n"));
}
