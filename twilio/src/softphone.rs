//! Softphones: telephones in browsers, which the carrier lets in with a token of ours.
//!
//! The token is a JWT in the form of the carrier's own libraries. Whoever has it is called at its identity until it
//! expires, so it lives for an hour and grants nothing but calls.

use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

/// How long a token is good for. The carrier takes up to a day.
pub const LASTS: Duration = Duration::from_secs(3600);

/// The form of the token, as the carrier names it.
const CONTENT: &str = "twilio-fpa;v=1";

/// What softphones of an account are let in with: one of its API keys.
#[derive(Debug, Clone)]
pub struct Key {
    /// The id of the key.
    pub sid: String,
    /// Its secret, which signs.
    pub secret: SecretString,
    /// The application that decides what becomes of calls that a softphone makes; without one it makes none.
    pub application_sid: Option<String>,
}

/// A token that lets a softphone in.
#[derive(Clone)]
pub struct Token {
    /// What the carrier's library is given.
    pub text: SecretString,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Where a softphone is called, as [`crate::client::NewCall::to`].
#[must_use]
pub fn address(identity: &str) -> String {
    format!("client:{identity}")
}

impl Key {
    /// A token for whoever is called at this identity from now on, for [`LASTS`]; `now` is the time by which the
    /// carrier goes. None when it cannot be signed.
    #[must_use]
    pub fn token(&self, account_sid: &str, identity: &str, now: Timestamp) -> Option<Token> {
        let now_s = now.as_second();
        let expires_at = Timestamp::from_second(now_s).ok()?.checked_add(LASTS).ok()?;
        let mut voice = json!({ "incoming": { "allow": true } });
        if let Some(application_sid) = &self.application_sid {
            voice["outgoing"] = json!({ "application_sid": application_sid });
        }
        let claims = json!({
            "jti": format!("{}-{now_s}", self.sid),
            "iss": self.sid,
            "sub": account_sid,
            "nbf": now_s,
            "iat": now_s,
            "exp": expires_at.as_second(),
            "grants": { "identity": identity, "voice": voice },
        });
        let header = Header { cty: Some(CONTENT.to_owned()), ..Header::new(Algorithm::HS256) };
        let key = EncodingKey::from_secret(self.secret.expose_secret().as_bytes());
        let text = jsonwebtoken::encode(&header, &claims, &key).ok()?.into();
        Some(Token { text, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use serde_json::Value;
    use sha2::Sha256;

    use super::*;

    const SECRET: &str = "the secret of an API key";

    fn token(application_sid: Option<&str>) -> Token {
        let key = Key {
            sid: "SK1".to_owned(),
            secret: SecretString::from(SECRET),
            application_sid: application_sid.map(str::to_owned),
        };
        key.token("AC1", "tnt_1_agt_2", "2026-11-23T15:00:00.7Z".parse().unwrap()).unwrap()
    }

    /// Header and claims, the signature checked without the library that made it.
    fn opened(token: &Token) -> [Value; 2] {
        let text = token.text.expose_secret();
        let (signed, signature) = text.rsplit_once('.').unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        [header, claims].map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
    }

    #[test]
    fn a_token_has_the_form_of_the_carriers_own_libraries() {
        let token = token(None);
        let [header, claims] = opened(&token);
        assert_eq!(header, json!({ "typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1" }));
        let begins_at = 1_795_446_000;
        assert_eq!(
            claims,
            json!({
                "jti": format!("SK1-{begins_at}"), "iss": "SK1", "sub": "AC1", "nbf": begins_at, "iat": begins_at,
                "exp": begins_at + 3600,
                "grants": { "identity": "tnt_1_agt_2", "voice": { "incoming": { "allow": true } } },
            })
        );
        assert_eq!(token.expires_at.as_second(), begins_at + 3600);
    }

    #[test]
    fn a_softphone_calls_nobody_unless_an_application_says_whom() {
        let [_, claims] = opened(&token(Some("AP1")));
        assert_eq!(claims["grants"]["voice"]["outgoing"], json!({ "application_sid": "AP1" }));
    }
}
