//! Numbers as tables show them.

/// A call costs cents: fewer places would hide what makes the difference.
pub(super) const PER_CALL_PLACES: u32 = 4;

/// A quotient to the nearest whole number, of numbers that are not negative.
pub(super) const fn rounded(dividend: i64, divisor: i64) -> i64 {
    (dividend + divisor / 2) / divisor
}

/// Micros as dollars with so many places, one to six, rounded.
pub(super) fn dollars(micros: i64, places: u32) -> String {
    let unit = 10_i64.pow(6 - places);
    let (units, per_dollar) = (rounded(micros, unit), 10_i64.pow(places));
    let width = places as usize;
    format!("{}.{:0width$}", grouped(units / per_dollar), units % per_dollar)
}

/// Micros as dollars and cents.
pub(super) fn cents(micros: i64) -> String {
    dollars(micros, 2)
}

/// A whole number with commas between thousands.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        for (micros, text) in [(0, "0.00"), (4_999, "0.00"), (5_000, "0.01"), (1_234_567_890, "1,234.57")] {
            assert_eq!(cents(micros), text);
        }
        assert_eq!((dollars(75_700, 4), dollars(21_549, 4)), ("0.0757".to_owned(), "0.0215".to_owned()));
    }
}
