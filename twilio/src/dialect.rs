//! Dialects: in what carriers with Twilio's API differ from each other.

use std::fmt;
use std::str::FromStr;

use crate::signature;
use crate::words::words;

words! {
    /// How requests prove who makes them.
    pub enum Auth {
        /// User name and password.
        Basic = "basic",
        /// The password alone, as a bearer token.
        Bearer = "bearer",
    }
}

words! {
    /// What the addresses of resources end in.
    pub enum Suffix {
        /// `.json`, without which Twilio answers in XML.
        Json = "json",
        /// Nothing.
        None = "none",
    }
}

words! {
    /// Whose header carries the signature of a webhook. The signature is made alike.
    pub enum Signature {
        /// Twilio's, signed with the auth token.
        Twilio = "twilio",
        /// SignalWire's, signed with the signing key of the space.
        SignalWire = "signalwire",
    }
}

/// How a carrier is spoken to. Written as `twilio` or `signalwire`, and what differs from it:
/// `twilio,auth=bearer,suffix=none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// How requests prove who makes them.
    pub auth: Auth,
    /// What addresses of resources end in.
    pub suffix: Suffix,
    /// Whose webhooks are taken.
    pub signature: Signature,
}

/// The text is no dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected `twilio` or `signalwire`, and what differs: `auth=basic` or `auth=bearer`, `suffix=json` or `suffix=none`"
)]
pub struct InvalidDialect;

impl Signature {
    /// The header.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Twilio => signature::HEADER,
            Self::SignalWire => "X-SignalWire-Signature",
        }
    }
}

impl Dialect {
    /// Twilio's own.
    pub const TWILIO: Self = Self { auth: Auth::Basic, suffix: Suffix::Json, signature: Signature::Twilio };
    /// SignalWire's.
    pub const SIGNALWIRE: Self = Self { signature: Signature::SignalWire, ..Self::TWILIO };

    /// Whether what signs webhooks makes requests, too. At SignalWire it is a key that does nothing else.
    #[must_use]
    pub const fn has_one_secret(self) -> bool {
        matches!(self.signature, Signature::Twilio)
    }

    /// Whether softphones are let in by tokens of Twilio's form.
    #[must_use]
    pub const fn has_softphones(self) -> bool {
        matches!(self.signature, Signature::Twilio)
    }
}

impl FromStr for Dialect {
    type Err = InvalidDialect;

    fn from_str(text: &str) -> Result<Self, InvalidDialect> {
        let mut parts = text.split(',').map(str::trim);
        let mut dialect = match parts.next() {
            Some("twilio") => Self::TWILIO,
            Some("signalwire") => Self::SIGNALWIRE,
            _ => return Err(InvalidDialect),
        };
        for part in parts {
            match part.split_once('=') {
                Some(("auth", word)) => dialect.auth = Auth::read(word).ok_or(InvalidDialect)?,
                Some(("suffix", word)) => dialect.suffix = Suffix::read(word).ok_or(InvalidDialect)?,
                _ => return Err(InvalidDialect),
            }
        }
        Ok(dialect)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.signature)?;
        if self.auth != Self::TWILIO.auth {
            write!(f, ",auth={}", self.auth)?;
        }
        if self.suffix != Self::TWILIO.suffix {
            write!(f, ",suffix={}", self.suffix)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_written_as_it_is_read() {
        for (text, expected, again) in [
            ("twilio", Dialect::TWILIO, "twilio"),
            ("signalwire", Dialect::SIGNALWIRE, "signalwire"),
            ("signalwire, auth=basic,suffix=json", Dialect::SIGNALWIRE, "signalwire"),
            (
                "twilio,suffix=none,auth=bearer",
                Dialect { auth: Auth::Bearer, suffix: Suffix::None, ..Dialect::TWILIO },
                "twilio,auth=bearer,suffix=none",
            ),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
            assert_eq!(expected.to_string(), again);
        }
        for text in [
            "",
            "Twilio",
            "telnyx",
            "auth=bearer",
            "twilio,auth",
            "twilio,auth=digest",
            "twilio,x=y",
            "twilio,",
        ] {
            assert_eq!(text.parse::<Dialect>(), Err(InvalidDialect), "{text}");
        }
    }
}
