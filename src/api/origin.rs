//! Where a request comes from: who is held back when passwords are tried out.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use ipnet::IpNet;

use super::Api;
use crate::problem::Problem;

/// The header in which each proxy adds whom it was asked by.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Where a request comes from.
pub(super) struct Origin {
    /// The address of whoever asked; empty when it is not known.
    pub(super) address: String,
    /// The program that asked, in its own words.
    pub(super) client: String,
}

impl FromRequestParts<Api> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.ip());
        let client = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let address = peer.map(|peer| asked_by(peer, &parts.headers, &api.settings.trusted_proxies));
        Ok(Self {
            address: address.map_or_else(String::new, |address| address.to_string()),
            client: client.unwrap_or_default().chars().take(200).collect(),
        })
    }
}

/// Who asked: the peer, or, as long as that is a proxy of ours, whom it says it was asked by. What stands further left
/// in the header may be anybody's invention.
fn asked_by(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let said: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let mut asked = peer.to_canonical();
    for before in said.iter().rev() {
        if !proxies.iter().any(|network| network.contains(&asked)) {
            break;
        }
        let Ok(before) = before.trim().parse::<IpAddr>() else { break };
        asked = before.to_canonical();
    }
    asked
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_proxy_is_believed_and_nobody_else() {
        let proxies: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).into();
        let asked = |peer: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
            }
            asked_by(peer.parse().unwrap(), &headers, &proxies).to_string()
        };
        assert_eq!(asked("203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(asked("203.0.113.7", &["198.51.100.1"]), "203.0.113.7", "anybody can say so");
        assert_eq!(asked("10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("::ffff:10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.1.2.3", &["192.0.2.1, 198.51.100.1, 10.9.9.9"]), "198.51.100.1", "two proxies");
        assert_eq!(asked("10.1.2.3", &["192.0.2.1", "2001:db8::1"]), "2001:db8::1");
        assert_eq!(asked("10.1.2.3", &["198.51.100.1, unknown"]), "10.1.2.3");
        assert_eq!(asked("fd00::1", &["10.0.0.1"]), "10.0.0.1", "nobody is before the last proxy");
    }
}
