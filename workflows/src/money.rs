//! Money: micros, millionths of a US dollar, and the exact decimals that they are written as.

const MICROS: u64 = 1_000_000;

/// Micros as a decimal of dollars: two places, or as many as there are.
#[must_use]
pub fn show(micros: i64) -> String {
    let (sign, micros) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let (dollars, rest) = (micros / MICROS, micros % MICROS);
    let places = format!("{rest:06}");
    let places = places.trim_end_matches('0');
    format!("{sign}{dollars}.{places:0<2}")
}

/// A decimal of dollars as micros; none when it has a sign, more than six places, or anything but digits and a
/// point, or is more than can be counted.
#[must_use]
pub fn read(amount: &str) -> Option<i64> {
    let (dollars, places) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!dollars.is_empty() && digits(dollars) && digits(places) && places.len() <= 6)
        .then(|| format!("{dollars}{places:0<6}").parse().ok())
        .flatten()
}

/// What a carrier charged as micros, however it writes it: with or without a sign, perhaps with an exponent, as numbers
/// in JSON may have one. Beyond six places it is rounded. None when it is no number.
#[must_use]
pub fn read_charge(amount: &str) -> Option<i64> {
    let amount = amount.strip_prefix(['-', '+']).unwrap_or(amount);
    let (mantissa, exponent) = amount.split_once(['e', 'E']).unwrap_or((amount, "0"));
    let (dollars, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{dollars}{places}");
    if digits.is_empty() || digits.len() > DIGITS_MAX || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i128 = digits.parse().ok()?;
    let shift =
        exponent.parse::<i32>().ok()?.checked_add(6)?.checked_sub(i32::try_from(places.len()).ok()?)?;
    let factor = 10_i128.checked_pow(shift.unsigned_abs());
    let micros = match (shift >= 0, factor) {
        (true, factor) => number.checked_mul(factor?)?,
        (false, Some(factor)) => (number + factor / 2) / factor,
        // Less than anything that can be counted.
        (false, None) => 0,
    };
    i64::try_from(micros).ok()
}

/// More digits than any amount has.
const DIGITS_MAX: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (micros, text) in [
            (0, "0.00"),
            (10_000, "0.01"),
            (1_234_567, "1.234567"),
            (50_000_000, "50.00"),
            (-7_500, "-0.0075"),
        ] {
            assert_eq!(show(micros), text);
        }
        for (text, micros) in [("50", 50_000_000), ("0.000001", 1), ("12.3", 12_300_000), ("7.", 7_000_000)] {
            assert_eq!(read(text), Some(micros));
        }
        for (text, micros) in [
            ("-0.01400", 14_000),
            ("0.0138", 13_800),
            ("-0.00000", 0),
            ("-1e-05", 10),
            ("1.4E-2", 14_000),
            ("2e3", 2_000_000_000),
            ("-0.0000005", 1),
            ("-0.00000049", 0),
            ("3e-90", 0),
        ] {
            assert_eq!(read_charge(text), Some(micros), "{text}");
        }
        for text in ["", "-", "null", "--1", "1,5", "e5", "1e", "1e99", "9999999999999999999999999999999"] {
            assert_eq!(read_charge(text), None, "{text}");
        }
        for text in ["", "-1", "1.0000001", "1e3", ".5", " 1", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
