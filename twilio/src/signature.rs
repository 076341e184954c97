//! Request signatures: proof that a webhook comes from the carrier.
//!
//! The scheme is HMAC-SHA1 over the URL and every field, keyed with the account's auth token. It has
//! no delimiters and no time stamp: it proves who wrote the bytes, not where one field ends and not
//! that they are fresh. Hence payloads are checked field by field, and every handler is idempotent.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

/// The request header that carries the signature.
pub const HEADER: &str = "X-Twilio-Signature";

/// Whether one of the tokens signed this request.
///
/// `url` is the URL as the carrier requested it, without fragment and user name, byte for byte
/// (see [`crate::base::requested_url`]); `params` are the decoded fields of a form, empty for GET.
/// Several tokens are tried, so that a new one can be introduced before the old one retires. The
/// carrier is not consistent about ports, so the URL is also tried without its port, or with the
/// default one when it names none.
#[must_use]
pub fn verify(tokens: &[SecretString], url: &str, params: &[(String, String)], signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else { return false };
    let spellings = spellings(url);
    tokens.iter().any(|token| {
        spellings.iter().any(|url| {
            // Compares in constant time, and refuses a wrong length.
            mac(token.expose_secret(), url, params).verify_slice(&signature).is_ok()
        })
    })
}

/// Whether one of the tokens signed this request with a body that is not a form: the URL then carries
/// the body's digest as `bodySHA256`.
#[must_use]
pub fn verify_body(tokens: &[SecretString], url: &str, body: &[u8], signature: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut claimed = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "bodySHA256");
    let digest: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    // The digest is public, in the URL: an ordinary comparison gives nothing away.
    claimed.next().is_some_and(|(_, claimed)| claimed == digest) && verify(tokens, url, &[], signature)
}

/// The signature the carrier would send. For tests, and for whoever plays the carrier.
#[must_use]
pub fn sign(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    STANDARD.encode(mac(auth_token, url, params).finalize().into_bytes())
}

fn mac(auth_token: &str, url: &str, params: &[(String, String)]) -> Hmac<Sha1> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).expect("a key of any length");
    mac.update(url.as_bytes());
    // Names by code point, then the distinct values of each: the order of a set of pairs.
    for (name, value) in params.iter().collect::<BTreeSet<_>>() {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac
}

/// The URL as received, and as the carrier may have spelt it: without the port, or with the default.
fn spellings(url: &str) -> Vec<String> {
    let mut spellings = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return spellings };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host_at = authority.rfind('@').map_or(0, |at| at + 1);
    // A colon inside brackets belongs to an IPv6 address.
    let port_from = authority.rfind(']').unwrap_or(host_at);
    match authority.get(port_from..).and_then(|tail| tail.find(':')) {
        Some(colon) => {
            let host = authority.get(..port_from + colon).unwrap_or(authority);
            spellings.push(format!("{scheme}://{host}{path}"));
        }
        None => {
            let port = if matches!(scheme, "https" | "wss") { 443 } else { 80 };
            spellings.push(format!("{scheme}://{authority}:{port}{path}"));
        }
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_tried_as_received_and_with_the_other_spelling_of_its_port() {
        for (url, other) in [
            ("https://a.example/x?y=1:2", Some("https://a.example:443/x?y=1:2")),
            ("https://a.example", Some("https://a.example:443")),
            ("https://a.example?x", Some("https://a.example:443?x")),
            ("https://a.example:8443/x:1", Some("https://a.example/x:1")),
            ("http://a.example/x", Some("http://a.example:80/x")),
            ("wss://a.example/x", Some("wss://a.example:443/x")),
            ("http://[::1]/x", Some("http://[::1]:80/x")),
            ("http://[::1]:8080/x", Some("http://[::1]/x")),
            ("https://me:secret@a.example/x", Some("https://me:secret@a.example:443/x")),
            ("https://me:secret@a.example:1/x", Some("https://me:secret@a.example/x")),
            ("not a url", None),
        ] {
            let expected: Vec<_> = [Some(url), other].into_iter().flatten().map(str::to_owned).collect();
            assert_eq!(spellings(url), expected);
        }
    }
}
