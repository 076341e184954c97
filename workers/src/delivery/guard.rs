//! The guard: which addresses notices may be sent to, asked when an endpoint is made and at every request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::address::is_public;

/// What an installation allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The TCP ports that endpoints may have.
    pub ports: Vec<u16>,
    /// What else is allowed where nothing but rehearsals happen.
    pub reach: Reach,
}

/// How far a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the open internet, over TLS.
    Internet,
    /// Also to this machine itself, on any port, without TLS. For development and tests.
    Loopback,
}

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an absolute URL.
    #[error("it is not an absolute URL such as https://crm.example.com/warmline")]
    Malformed,
    /// Longer than anybody needs.
    #[error("it is longer than {URL_MAX_BYTES} bytes")]
    TooLong,
    /// Not over TLS.
    #[error("it does not begin with https://")]
    NotHttps,
    /// It carries a user name or password, which would stand in every list of endpoints.
    #[error("it contains a user name or a password")]
    Credentials,
    /// It has a fragment, which is never sent.
    #[error("it has a fragment")]
    Fragment,
    /// A number in place of a name, in whichever spelling.
    #[error("its host is a number; give a name")]
    NotAName,
    /// A port that this installation does not allow.
    #[error("its port is not one that this installation allows")]
    Port,
    /// Its name leads to a machine that is not on the open internet.
    #[error("its host is not on the open internet")]
    NotPublic,
}

/// The longest URL of an endpoint.
pub const URL_MAX_BYTES: usize = 2048;

impl Rules {
    /// Whether an endpoint may have this URL, as far as it can be told without asking where its name leads.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, text: &str) -> Result<Url, Refusal> {
        if text.len() > URL_MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let url = Url::parse(text).map_err(|_| Refusal::Malformed)?;
        let host = url.host().ok_or(Refusal::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.fragment().is_some() {
            return Err(Refusal::Fragment);
        }
        if self.reach == Reach::Loopback && is_this_machine(&host) {
            return if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(Refusal::NotHttps) };
        }
        if url.scheme() != "https" {
            return Err(Refusal::NotHttps);
        }
        // The parser has made addresses of 2130706433, 0x7f.1 and 017700000001 by now.
        if !matches!(host, Host::Domain(_)) {
            return Err(Refusal::NotAName);
        }
        let allowed = url.port_or_known_default().is_some_and(|port| self.ports.contains(&port));
        if allowed { Ok(url) } else { Err(Refusal::Port) }
    }

    fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.reach == Reach::Loopback && address.is_loopback()
    }
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Asks the system's resolver.
#[must_use]
pub fn system_lookup() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) }))
}

/// A resolver that gives the client no address but allowed ones. The client connects to what it is given and
/// asks no second time, so that a name cannot lead elsewhere between the look and the connection.
pub(super) struct Guard {
    pub(super) rules: Rules,
    pub(super) lookup: Lookup,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (rules, found) = (self.rules.clone(), (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let found = found.await?;
            // One bad address spoils the name: honest ones have none.
            if found.iter().any(|address| !rules.allows(address.ip())) {
                return Err(Refusal::NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_named_reached_over_tls_and_on_a_port_that_is_allowed() {
        use Refusal::{Credentials, Fragment, Malformed, NotAName, NotHttps, Port};
        let rules = Rules { ports: vec![443, 8443], reach: Reach::Internet };
        let rehearsal = Rules { reach: Reach::Loopback, ..rules.clone() };
        for (url, outside, at_home) in [
            ("https://crm.example.com/hooks?from=warmline", None, None),
            ("https://crm.example.com:8443/", None, None),
            ("HTTPS://CRM.EXAMPLE.COM", None, None),
            ("https://crm.example.com:8080/", Some(Port), Some(Port)),
            ("https://crm.example.com:22/", Some(Port), Some(Port)),
            ("http://crm.example.com/", Some(NotHttps), Some(NotHttps)),
            ("ftp://crm.example.com/", Some(NotHttps), Some(NotHttps)),
            ("file:///etc/passwd", Some(Malformed), Some(Malformed)),
            ("gopher://crm.example.com/", Some(NotHttps), Some(NotHttps)),
            ("data:text/plain,hello", Some(Malformed), Some(Malformed)),
            ("crm.example.com", Some(Malformed), Some(Malformed)),
            ("//crm.example.com", Some(Malformed), Some(Malformed)),
            ("https://", Some(Malformed), Some(Malformed)),
            ("https://user:word@crm.example.com/", Some(Credentials), Some(Credentials)),
            ("https://crm.example.com@127.0.0.1/", Some(Credentials), Some(Credentials)),
            ("https://crm.example.com/#top", Some(Fragment), Some(Fragment)),
            // Numbers, in all their spellings, are the parser's to understand and ours to refuse.
            ("https://8.8.8.8/", Some(NotAName), Some(NotAName)),
            ("https://169.254.169.254/latest/meta-data/", Some(NotAName), Some(NotAName)),
            ("https://2852039166/", Some(NotAName), Some(NotAName)),
            ("https://0xa9.0xfe.0xa9.0xfe/", Some(NotAName), Some(NotAName)),
            ("https://0251.0376.0251.0376/", Some(NotAName), Some(NotAName)),
            ("https://①⑥⑨.254.169.254/", Some(NotAName), Some(NotAName)),
            ("https://[::ffff:10.0.0.1]/", Some(NotAName), Some(NotAName)),
            ("https://[2606:4700:4700::1111]/", Some(NotAName), Some(NotAName)),
            ("https://1.2.3.256/", Some(Malformed), Some(Malformed)),
            // This machine, where only rehearsals happen.
            ("https://2130706433/", Some(NotAName), None),
            ("https://0x7f.1/", Some(NotAName), None),
            ("https://017700000001/", Some(NotAName), None),
            ("https://127.1:9000/", Some(NotAName), None),
            ("https://[::1]/", Some(NotAName), None),
            ("http://127.0.0.1:9000/hooks", Some(NotHttps), None),
            ("http://localhost:9000/hooks", Some(NotHttps), None),
            ("ftp://localhost/hooks", Some(NotHttps), Some(NotHttps)),
            ("http://[::ffff:127.0.0.1]/", Some(NotHttps), Some(NotHttps)),
            ("http://localhost.example.com/", Some(NotHttps), Some(NotHttps)),
        ] {
            assert_eq!(rules.check(url).err(), outside, "{url}");
            assert_eq!(rehearsal.check(url).err(), at_home, "{url} in a rehearsal");
        }
        let long = format!("https://crm.example.com/{}", "a".repeat(URL_MAX_BYTES));
        assert_eq!(rules.check(&long).err(), Some(Refusal::TooLong));
    }

    #[tokio::test]
    async fn one_address_that_is_not_public_spoils_a_name() {
        let rules = Rules { ports: vec![443], reach: Reach::Internet };
        let rehearsal = Rules { reach: Reach::Loopback, ..rules.clone() };
        for (addresses, outside, at_home) in [
            ("93.184.215.14", true, true),
            ("93.184.215.14 2606:2800:21f:cb07::1", true, true),
            ("127.0.0.1", false, true),
            ("::1 127.0.0.1", false, true),
            ("93.184.215.14 10.0.0.1", false, false),
            ("10.0.0.1 93.184.215.14", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("169.254.169.254", false, false),
            ("64:ff9b::a00:1", false, false),
        ] {
            let found: Vec<SocketAddr> =
                addresses.split(' ').map(|address| (address.parse::<IpAddr>().unwrap(), 0).into()).collect();
            for (rules, expected) in [(&rules, outside), (&rehearsal, at_home)] {
                let found = found.clone();
                let lookup: Lookup = Arc::new(move |_| {
                    let found = found.clone();
                    Box::pin(async move { Ok(found) })
                });
                let guard = Guard { rules: rules.clone(), lookup };
                let resolved = guard.resolve("crm.example.com".parse().unwrap()).await;
                assert_eq!(resolved.is_ok(), expected, "{addresses} {:?}", rules.reach);
            }
        }
    }
}
