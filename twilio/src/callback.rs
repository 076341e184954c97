//! Our ids in the URLs the carrier calls back.
//!
//! A webhook is matched to its call by what we wrote into its URL, never by the carrier's own id: that
//! id may arrive by webhook before the request that created the leg has been answered, or that answer
//! may be lost for good.

use std::fmt;

use url::{Url, form_urlencoded};
use warmline_workflows::{CallId, Leg, TenantId};

use crate::base;
use crate::hook::Hook;

/// Asks for three retries, also when we answer 5xx or not in time. Without it the carrier repeats a
/// webhook only when it could not connect. A fragment is neither sent to us nor signed.
const OVERRIDES: &str = "#rc=3&rp=5xx,ct,rt";

/// The longest token we accept back, in bytes.
const TOKEN_MAX_BYTES: usize = 128;

/// Whom a webhook is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    /// The tenant whose account the leg belongs to, and whose auth token signs the webhook.
    pub tenant: TenantId,
    /// The call.
    pub call: CallId,
    /// The leg of that call.
    pub leg: Leg,
    /// An unguessable word fixed when the call was opened: letters, digits, `-` and `_`, up to 128. It
    /// makes a replayed or forged webhook for another call worthless.
    pub token: String,
}

/// Why a query names no call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCallback {
    /// A parameter is not there.
    #[error("callback URL lacks `{0}`")]
    Missing(&'static str),
    /// A parameter stands there twice.
    #[error("callback URL has `{0}` more than once")]
    Repeated(&'static str),
    /// A parameter cannot be read.
    #[error("callback URL has an unreadable `{0}`")]
    Unreadable(&'static str),
}

impl Callback {
    /// The URL under a base that has passed [`base::check_base`], with the carrier's retry overrides.
    #[must_use]
    pub fn url(&self, base: &Url, hook: Hook) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("tenant", &self.tenant.to_string())
            .append_pair("call", &self.call.to_string())
            .append_pair("leg", &self.leg.to_string())
            .append_pair("token", &self.token)
            .finish();
        base::join(base, &format!("{}?{query}{OVERRIDES}", hook.path()))
    }

    /// Reads the query of a webhook's URL, without its question mark. Other parameters are ignored.
    ///
    /// # Errors
    /// When one of ours is missing, repeated or unreadable.
    pub fn parse(query: &str) -> Result<Self, InvalidCallback> {
        Ok(Self {
            tenant: parameter(query, "tenant", |text| text.parse().ok())?,
            call: parameter(query, "call", |text| text.parse().ok())?,
            leg: parameter(query, "leg", |text| text.parse().ok())?,
            token: parameter(query, "token", |text| is_token(text).then(|| text.to_owned()))?,
        })
    }
}

/// The token stays out of logs: whoever knows it can speak for the call.
impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback({} {} {})", self.tenant, self.call, self.leg)
    }
}

fn parameter<T>(
    query: &str,
    name: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, InvalidCallback> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = values.next().ok_or(InvalidCallback::Missing(name))?;
    if values.next().is_some() {
        return Err(InvalidCallback::Repeated(name));
    }
    read(&value).ok_or(InvalidCallback::Unreadable(name))
}

fn is_token(text: &str) -> bool {
    (1..=TOKEN_MAX_BYTES).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::check_base;

    const QUERY: &str = "tenant=tnt_00000000000070008000000000000001\
                         &call=call_00000000000070008000000000000002&leg=agent-2&token=Zq3-_x";

    #[test]
    fn a_url_names_call_leg_and_token_and_reads_back() {
        let callback = Callback::parse(QUERY).unwrap();
        let base = check_base("https://calls.example.com:8443/warm/").unwrap();
        for hook in Hook::ALL {
            let url = callback.url(&base, *hook);
            let expected = format!(
                "https://calls.example.com:8443/warm/webhooks/twilio/{hook}?{QUERY}#rc=3&rp=5xx,ct,rt"
            );
            assert_eq!(url, expected);
            let target = url.strip_prefix("https://calls.example.com:8443").unwrap();
            let (target, _) = target.split_once('#').unwrap();
            assert_eq!(base::requested_url(&base, target), url.split_once('#').unwrap().0);
        }
        assert!(!format!("{callback:?}").contains("Zq3"), "a token must not be printed");
    }

    #[test]
    fn a_mangled_query_is_refused_by_name() {
        let without = |name: &str| {
            QUERY.split('&').filter(|pair| !pair.starts_with(name)).collect::<Vec<_>>().join("&")
        };
        for (query, expected) in [
            (without("tenant"), InvalidCallback::Missing("tenant")),
            (without("call"), InvalidCallback::Missing("call")),
            (without("leg"), InvalidCallback::Missing("leg")),
            (without("token"), InvalidCallback::Missing("token")),
            (format!("{QUERY}&leg=lead"), InvalidCallback::Repeated("leg")),
            (QUERY.replace("tnt_", "call_"), InvalidCallback::Unreadable("tenant")),
            (QUERY.replace("agent-2", "agent-0"), InvalidCallback::Unreadable("leg")),
            (QUERY.replace("Zq3-_x", ""), InvalidCallback::Unreadable("token")),
            (QUERY.replace("Zq3-_x", "a%20b"), InvalidCallback::Unreadable("token")),
            (QUERY.replace("Zq3-_x", &"a".repeat(129)), InvalidCallback::Unreadable("token")),
            (QUERY.replace("Zq3-_x", "%ff"), InvalidCallback::Unreadable("token")),
        ] {
            assert_eq!(Callback::parse(&query), Err(expected), "{query}");
        }
        assert!(Callback::parse(&format!("{QUERY}&later=1")).is_ok(), "unknown parameters are ignored");
    }
}
