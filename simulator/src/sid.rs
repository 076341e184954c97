//! Resource ids: two letters and 32 hexadecimal digits, or a UUID.

use uuid::Uuid;

use crate::config::Dialect;

/// A new id that no other run ever had.
pub(crate) fn new(prefix: &str) -> String {
    format!("{prefix}{}", Uuid::new_v4().simple())
}

/// A new id in the carrier's form.
pub(crate) fn in_dialect(dialect: Dialect, prefix: &str) -> String {
    match dialect {
        Dialect::Twilio => new(prefix),
        Dialect::SignalWire => Uuid::new_v4().to_string(),
    }
}

/// An id that is the same whenever it is made from the same text.
pub(crate) fn of(prefix: &str, text: &str) -> String {
    let digits: String =
        text.bytes().flat_map(|byte| format!("{byte:02x}").into_bytes()).map(char::from).collect();
    format!("{prefix}{:0>32}", &digits[digits.len().saturating_sub(32)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_carriers_form() {
        for id in [new("CA"), of("PN", "+14155550100"), of("PN", "client:somebody-with-a-long-name")] {
            assert_eq!(id.len(), 34, "{id}");
            assert!(id[2..].bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        }
        assert_eq!(of("PN", "+14155550100"), of("PN", "+14155550100"));
        assert_ne!(of("PN", "+14155550100"), of("PN", "+14155550101"));
    }
}
