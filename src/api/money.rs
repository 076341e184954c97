//! Money in JSON: US dollars as exact decimals in texts, since floating numbers lose cents.

use serde::{Deserialize, Deserializer};

use crate::problem::Problem;

const MICROS: i64 = 1_000_000;

/// Micros of a dollar as a decimal: two places, or as many as there are.
pub(crate) fn show(micros: i64) -> String {
    let (sign, micros) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let (dollars, rest) = (micros / MICROS.unsigned_abs(), micros % MICROS.unsigned_abs());
    let places = format!("{rest:06}");
    let places = places.trim_end_matches('0');
    format!("{sign}{dollars}.{places:0<2}")
}

/// A decimal as micros of a dollar.
///
/// # Errors
/// When it is no amount from 0 to a million dollars with at most six places.
pub(crate) fn read(field: &str, amount: &str) -> Result<i64, Problem> {
    let (dollars, places) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let micros = (!dollars.is_empty() && digits(dollars) && digits(places) && places.len() <= 6)
        .then(|| format!("{dollars}{places:0<6}").parse::<i64>().ok())
        .flatten();
    micros.filter(|micros| *micros <= 1_000_000 * MICROS).ok_or_else(|| {
        Problem::invalid(field, "expected an amount of dollars as a text, such as \"50.00\", at most 1000000")
    })
}

/// Reads a field that may be left out, null or given, and tells the three apart.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
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
        for (text, micros) in [("50", 50_000_000), ("0.000001", 1), ("12.3", 12_300_000)] {
            assert_eq!(read("cap", text), Ok(micros));
        }
        for text in ["", "-1", "1.0000001", "1e3", ".5", "1000001", "99999999999999999999"] {
            assert!(read("cap", text).is_err(), "{text}");
        }
    }
}
