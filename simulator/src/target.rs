//! Targets: a customer's URL, and how patiently to ask it.

use std::net::IpAddr;
use std::time::Duration;

use url::{Host, Url};

/// A URL to request, with the delivery overrides of its fragment taken out.
///
/// Times are real: they belong to the wire, and not to carrier time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    pub(crate) url: Url,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) retry_on: RetryOn,
}

/// Which outcomes are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryOn {
    pub(crate) client_error: bool,
    pub(crate) server_error: bool,
    pub(crate) no_connection: bool,
    pub(crate) no_reply: bool,
}

/// The hard limit of a whole exchange.
const TOTAL_MAX_MS: u64 = 15_000;

impl Target {
    /// Reads a URL; values out of range in its fragment are ignored. `None` if it is not a web URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        let url = Url::parse(address)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
        let mut target = Self {
            url,
            connect_timeout: Duration::from_millis(5_000),
            read_timeout: Duration::from_millis(TOTAL_MAX_MS),
            total_timeout: Duration::from_millis(TOTAL_MAX_MS),
            retries: 1,
            retry_on: RetryOn {
                client_error: false,
                server_error: false,
                no_connection: true,
                no_reply: false,
            },
        };
        for (name, value) in fragment.split('&').filter_map(|setting| setting.split_once('=')) {
            let number = value.parse().unwrap_or(u64::MAX);
            let ms = Duration::from_millis(number);
            match name {
                "ct" if (100..=10_000).contains(&number) => target.connect_timeout = ms,
                "rt" if (100..=TOTAL_MAX_MS).contains(&number) => target.read_timeout = ms,
                "tt" if (100..=TOTAL_MAX_MS).contains(&number) => target.total_timeout = ms,
                "rc" if number <= 5 => target.retries = u32::try_from(number).unwrap_or_default(),
                "rp" => target.retry_on = RetryOn::parse(value),
                _ => {}
            }
        }
        Some(target)
    }

    /// Whether the host is this machine or a private network, as far as its name tells.
    pub(crate) fn is_private(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => is_private(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => is_private(IpAddr::V6(address)),
            None => true,
        }
    }
}

impl RetryOn {
    fn parse(policy: &str) -> Self {
        let has = |word| policy.split(',').any(|part| part == word || part == "all");
        Self {
            client_error: has("4xx"),
            server_error: has("5xx"),
            no_connection: has("ct"),
            no_reply: has("rt"),
        }
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fragment_overrides_delivery_and_is_not_part_of_the_url() {
        let target =
            Target::parse("https://a.test/x?y=1#ct=2000&rt=4000&tt=99999&rc=3&rp=5xx,ct,rt&sni=y").unwrap();
        assert_eq!(target.url.as_str(), "https://a.test/x?y=1");
        assert_eq!(target.connect_timeout.as_millis(), 2_000);
        assert_eq!(target.read_timeout.as_millis(), 4_000);
        assert_eq!(target.total_timeout.as_millis(), 15_000);
        assert_eq!(target.retries, 3);
        let all_but_4xx =
            RetryOn { client_error: false, server_error: true, no_connection: true, no_reply: true };
        assert_eq!(target.retry_on, all_but_4xx);
    }

    #[test]
    fn by_default_only_a_failed_connection_is_tried_again_and_once() {
        let target = Target::parse("http://127.0.0.1:1/x").unwrap();
        let only_connection =
            RetryOn { client_error: false, server_error: false, no_connection: true, no_reply: false };
        assert_eq!((target.retries, target.retry_on), (1, only_connection));
        assert!(target.is_private());
        assert!(!Target::parse("https://warmline.example/").unwrap().is_private());
        assert_eq!(Target::parse("ftp://a.test/"), None);
    }
}
