//! Money in JSON: US dollars as exact decimals in texts, since floating numbers lose cents.

use serde::{Deserialize, Deserializer};
use warmline_workflows::money;

use crate::problem::Problem;

pub(crate) use warmline_workflows::money::show;

/// The largest amount that is taken: a million dollars.
const MICROS_MAX: i64 = 1_000_000_000_000;

/// A decimal as micros of a dollar.
///
/// # Errors
/// When it is no amount from 0 to a million dollars with at most six places.
pub(crate) fn read(field: &str, amount: &str) -> Result<i64, Problem> {
    money::read(amount).filter(|micros| *micros <= MICROS_MAX).ok_or_else(|| {
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
    fn amounts_have_a_limit() {
        assert_eq!(read("cap", "1000000.00"), Ok(MICROS_MAX));
        for text in ["", "-1", "1000000.000001"] {
            assert!(read("cap", text).is_err(), "{text}");
        }
    }
}
