//! The public base URL: where the carrier reaches us.

use url::Url;

use crate::hook::ROOT;

/// Why a text cannot be the public base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBase {
    /// It is not a URL at all, or a relative one.
    #[error("not an absolute URL ({0}): write it like https://calls.example.com")]
    NotAbsolute(url::ParseError),
    /// Its scheme is not one the carrier calls.
    #[error("scheme `{0}` is not http or https")]
    Scheme(String),
    /// The carrier refuses such a host for status callbacks, so no call would ever report its end.
    #[error("host `{0}` contains `_`, which the carrier refuses in callback URLs: use another host name")]
    Underscore(String),
    /// Something follows the path, or precedes the host.
    #[error("has a {0}: give scheme, host, port and path only")]
    Extra(&'static str),
}

/// Checks the text that is to be our public base URL.
///
/// Absolute, http or https, no user name, query or fragment, no `_` in the host; a path prefix is
/// allowed, with or without a slash at its end.
///
/// # Errors
/// The first rule that is broken.
pub fn check_base(text: &str) -> Result<Url, InvalidBase> {
    let mut url = Url::parse(text).map_err(InvalidBase::NotAbsolute)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidBase::Scheme(url.scheme().to_owned()));
    }
    if let Some(host) = url.host_str().filter(|host| host.contains('_')) {
        return Err(InvalidBase::Underscore(host.to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidBase::Extra("user name"));
    }
    if url.query().is_some() {
        return Err(InvalidBase::Extra("query"));
    }
    if url.fragment().is_some() {
        return Err(InvalidBase::Extra("fragment"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// The URL the carrier must have requested, from the raw target of the request line.
///
/// This is what a signature is checked against: never the `Host` header, which strangers write. A
/// proxy in front of us may have cut the path prefix off or left it on; both give the same URL.
#[must_use]
pub fn requested_url(base: &Url, target: &str) -> String {
    let path_len = target.find('?').unwrap_or(target.len());
    let ours = target.get(..path_len).and_then(|path| path.rfind(ROOT)).unwrap_or(0);
    join(base, target.get(ours..).unwrap_or(target))
}

/// The base followed by a path that begins with a slash, byte for byte.
pub(crate) fn join(base: &Url, path: &str) -> String {
    format!("{}{path}", base.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_an_absolute_web_address_without_extras() {
        for (text, expected) in [
            ("https://calls.example.com", Ok("https://calls.example.com/")),
            ("https://calls.example.com/", Ok("https://calls.example.com/")),
            ("https://calls.example.com:8443/warm/line/", Ok("https://calls.example.com:8443/warm/line")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080/")),
            ("http://[::1]:8080", Ok("http://[::1]:8080/")),
            ("calls.example.com", Err("not an absolute URL")),
            ("/webhooks", Err("not an absolute URL")),
            ("", Err("not an absolute URL")),
            ("ftp://calls.example.com", Err("scheme `ftp`")),
            ("https://my_host.example.com", Err("host `my_host.example.com` contains `_`")),
            ("https://me:secret@calls.example.com", Err("has a user name")),
            ("https://calls.example.com/?a=1", Err("has a query")),
            ("https://calls.example.com/#top", Err("has a fragment")),
        ] {
            match (check_base(text), expected) {
                (Ok(base), Ok(expected)) => assert_eq!(base.to_string(), expected, "{text}"),
                (Err(error), Err(expected)) => {
                    assert!(error.to_string().starts_with(expected), "{text}: {error}");
                }
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
    }

    #[test]
    fn the_requested_url_survives_a_proxy_that_cuts_the_prefix() {
        let base = check_base("https://calls.example.com/webhooks/twilio").unwrap();
        let expected = "https://calls.example.com/webhooks/twilio/webhooks/twilio/amd?x=/webhooks/twilio/y";
        for target in [
            "/webhooks/twilio/webhooks/twilio/amd?x=/webhooks/twilio/y",
            "/webhooks/twilio/amd?x=/webhooks/twilio/y",
        ] {
            assert_eq!(requested_url(&base, target), expected);
        }
        assert_eq!(requested_url(&base, "/other"), "https://calls.example.com/webhooks/twilio/other");
    }
}
