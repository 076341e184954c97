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
        for text in ["", "-1", "1.0000001", "1e3", ".5", " 1", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
