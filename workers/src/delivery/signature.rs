//! Signatures of what we send, after the Standard Webhooks specification.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The value of `webhook-signature`: one signature for each secret, so that a new one can be introduced before
/// the old one retires.
pub(super) fn of(secrets: &[&[u8]], id: &str, timestamp_s: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp_s}.{body}");
    let signatures: Vec<String> = secrets.iter().map(|secret| one(secret, signed.as_bytes())).collect();
    signatures.join(" ")
}

fn one(secret: &[u8], signed: &[u8]) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
    mac.update(signed);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector was computed with Python's hmac module, not with this code.
    #[test]
    fn the_signature_is_that_of_another_implementation() {
        let secret: Vec<u8> = (0..32).collect();
        let id = "evt_0000000000000001000000000000002a";
        let (timestamp_s, body) = (1_767_600_000, r#"{"type":"call.opened"}"#);
        let expected = "v1,4c1powUKKb//cCrnIUZC95PM5C4JhLm+C5/k+vcUKOI=";
        assert_eq!(of(&[&secret], id, timestamp_s, body), expected);
        let both = of(&[b"another", &secret], id, timestamp_s, body);
        assert_eq!(both.split(' ').count(), 2);
        assert!(both.ends_with(expected));
    }
}
