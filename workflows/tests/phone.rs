//! Two libraries read the same numbers: a check of the one that decides by one that does not.

use phonenumber::country::Id;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
use warmline_workflows::phone;

/// How many numbers of each country and sort are tried.
const PER_RANGE: usize = 4;

/// Example numbers of every country, as they are and with other digits at the end.
fn sample() -> Vec<(String, Region)> {
    let mut digit_seed: u32 = 20_261_123;
    let mut next_digit = || {
        digit_seed = digit_seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_digit((digit_seed >> 16) % 10, 10).unwrap_or('0')
    };
    let mut numbers = Vec::new();
    for region in PHONE_NUMBER_UTIL.get_supported_regions() {
        for kind in [PhoneNumberType::FixedLine, PhoneNumberType::Mobile] {
            let Ok(example) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) else {
                continue;
            };
            let example = example.format_as(PhoneNumberFormat::E164).into_owned();
            for changed_digits in 0..PER_RANGE {
                let kept = &example[..example.len() - changed_digits];
                let end: String = (0..changed_digits).map(|_| next_digit()).collect();
                numbers.push((format!("{kept}{end}"), region));
            }
        }
    }
    numbers.sort_unstable();
    numbers
}

#[test]
fn another_library_agrees_on_nearly_all_numbers() {
    let numbers = sample();
    assert!(numbers.len() > 1500, "only {} numbers", numbers.len());
    let mut differences = Vec::new();
    for (text, region) in &numbers {
        let ours = phone::parse(text, &region.to_string()).ok().map(|phone| phone.e164);
        let country = region.to_string().parse::<Id>().ok();
        let theirs = phonenumber::parse(country, text)
            .ok()
            .filter(phonenumber::PhoneNumber::is_valid)
            .map(|number| number.format().mode(phonenumber::Mode::E164).to_string());
        if ours != theirs {
            differences.push(format!("{text} {region}: {ours:?} or {theirs:?}"));
        }
    }
    let allowed = numbers.len() * 3 / 100;
    assert!(
        differences.len() <= allowed,
        "{} of {} numbers differ, {allowed} may:\n{}",
        differences.len(),
        numbers.len(),
        differences.join("\n")
    );
}
