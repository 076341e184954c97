//! Identifiers: newtypes over a UUID that print with a readable prefix.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Why a text is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind} id: expected `{kind}_` followed by 32 hexadecimal digits")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The word before the underscore in the printed form.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|digits| digits.len() == 32)
                    .and_then(|digits| Uuid::try_parse(digits).ok())
                    .map(Self)
                    .ok_or_else(|| InvalidId { kind: $prefix, text: text.chars().take(64).collect() })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An organisation; every row of data belongs to exactly one.
    TenantId = "tnt";
    /// A person who can log in.
    UserId = "usr";
    /// A set of leads with a calling window, a retry policy and a pacing policy.
    CampaignId = "cmp";
    /// One person to reach.
    LeadId = "lead";
    /// One attempt to reach one lead.
    CallId = "call";
    /// A person who takes calls.
    AgentId = "agt";
    /// A team of agents that campaigns draw from.
    GroupId = "grp";
    /// A file of leads that is read in.
    ImportId = "imp";
    /// One entry of an organisation's feed. Not a UUID inside: where it stands in the feed.
    EventId = "evt";
    /// An address of an organisation's own that hears of its events.
    EndpointId = "ept";
    /// One event on its way to one endpoint.
    DeliveryId = "dlv";
    /// One login of one person, from the password to the logout.
    SessionId = "ses";
    /// A key that a program of the organisation shows.
    ApiKeyId = "key";
    /// An invitation to join an organisation.
    InvitationId = "inv";
    /// A number that campaigns of an organisation may show.
    NumberId = "num";
    /// An organisation's own account at a carrier.
    CarrierId = "car";
    /// A column mapping that is kept under a name.
    TemplateId = "tpl";
    /// An audio file that an organisation's calls may play.
    AudioId = "aud";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_prints_with_its_prefix_and_reads_back() {
        let id = CallId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string(), "call_01920000000070008000000000000001");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            serde_json::to_string(&id).ok().as_deref(),
            Some("\"call_01920000000070008000000000000001\"")
        );
    }

    #[test]
    fn another_kind_or_a_mangled_id_is_refused() {
        for text in [
            "lead_01920000000070008000000000000001",
            "call_0192",
            "call_",
            "",
            "call_0192000000007000800000000000000g",
        ] {
            assert!(text.parse::<CallId>().is_err(), "{text}");
        }
    }
}
