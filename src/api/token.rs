//! Tokens: the signed one that lives for minutes, and the secret ones that are looked up.

use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use warmline_engine::identity::sessions::Digest;
use warmline_workflows::{AudioId, CallId, SessionId, TenantId, UserId};

use crate::hex::hex;

/// How long an access token is valid. Short: within it, nobody asks whether the login still stands but
/// for the cache of sessions.
pub const ACCESS_LASTS: Duration = Duration::from_secs(10 * 60);
/// How far clocks may differ.
const LEEWAY_S: u64 = 30;
const ISSUER: &str = "warmline";
const AUDIENCE: &str = "warmline-api";
/// Links are no access tokens, nor the other way round.
const LINK_AUDIENCE: &str = "warmline-recording";
/// How long a link to a recording, or of a person to an audio file, is good.
pub const LINK_LASTS: Duration = Duration::from_secs(5 * 60);
const AUDIO_AUDIENCE: &str = "warmline-audio";
/// How long the carrier is given the same address of an audio file, so that it fetches the file once and keeps it. The
/// address is good for as long again.
pub const AUDIO_KEEPS: Duration = Duration::from_secs(24 * 3600);
/// The one algorithm there is; what a token says of itself does not matter.
const ALGORITHM: Algorithm = Algorithm::HS256;

/// Whose an access token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The organisation.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// The login.
    pub session: SessionId,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    tnt: TenantId,
    ses: SessionId,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// The keys that access tokens are signed with: the first signs, all verify.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

impl Keys {
    /// Keys made from secrets, the one that signs first.
    #[must_use]
    pub fn new(secrets: &[SecretString]) -> Self {
        let key = |secret: &SecretString| {
            let bytes = secret.expose_secret().as_bytes();
            let id = hex(&Sha256::digest([b"kid:", bytes].concat())[..6]);
            Key { id, encoding: EncodingKey::from_secret(bytes), decoding: DecodingKey::from_secret(bytes) }
        };
        Self(secrets.iter().map(key).collect())
    }

    /// Signs an access token; none without a key, or when signing fails.
    #[must_use]
    pub fn sign(&self, bearer: Bearer) -> Option<String> {
        self.sign_at(bearer, now_s())
    }

    fn sign_at(&self, bearer: Bearer, now: u64) -> Option<String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: bearer.user,
            tnt: bearer.tenant,
            ses: bearer.session,
            iat: now,
            nbf: now,
            exp: now + ACCESS_LASTS.as_secs(),
        };
        self.signed(&claims)
    }

    /// Whose a token is; none when it is not ours, or not valid now.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<Bearer> {
        let claims: Claims = self.claims(token, AUDIENCE)?;
        Some(Bearer { tenant: claims.tnt, user: claims.sub, session: claims.ses })
    }
}

/// When a link that is signed now is good for nothing any more: after five minutes.
#[must_use]
pub fn link_ends() -> Timestamp {
    Timestamp::now() + SignedDuration::try_from(LINK_LASTS).unwrap_or_default()
}

/// What a link lets whoever has it hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The organisation.
    pub tenant: TenantId,
    /// The call.
    pub call: CallId,
    /// The carrier's name for the recording.
    pub recording_sid: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct LinkClaims {
    iss: String,
    aud: String,
    sub: String,
    tnt: TenantId,
    cal: CallId,
    nbf: u64,
    exp: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct AudioClaims {
    iss: String,
    aud: String,
    sub: AudioId,
    tnt: TenantId,
    nbf: u64,
    exp: u64,
}

impl Keys {
    /// Signs a link that is good for [`LINK_LASTS`]; none without a key, or when signing fails.
    #[must_use]
    pub fn sign_link(&self, link: &Link) -> Option<String> {
        let claims = LinkClaims {
            iss: ISSUER.to_owned(),
            aud: LINK_AUDIENCE.to_owned(),
            sub: link.recording_sid.clone(),
            tnt: link.tenant,
            cal: link.call,
            nbf: now_s(),
            exp: now_s() + LINK_LASTS.as_secs(),
        };
        self.signed(&claims)
    }

    /// What a link is to; none when it is not ours, or not good any more.
    #[must_use]
    pub fn verify_link(&self, token: &str) -> Option<Link> {
        let claims: LinkClaims = self.claims(token, LINK_AUDIENCE)?;
        Some(Link { tenant: claims.tnt, call: claims.cal, recording_sid: claims.sub })
    }

    /// Signs the way to an audio file for the carrier: the same all day, so that it is kept under its address. None
    /// without a key, or when signing fails.
    #[must_use]
    pub fn sign_audio(&self, tenant: TenantId, audio: AudioId) -> Option<String> {
        let since = now_s() / AUDIO_KEEPS.as_secs() * AUDIO_KEEPS.as_secs();
        self.signed_audio(tenant, audio, since..since + 2 * AUDIO_KEEPS.as_secs())
    }

    /// Signs the way to an audio file for a person who wants to listen, which is good for [`LINK_LASTS`].
    #[must_use]
    pub fn sign_audio_link(&self, tenant: TenantId, audio: AudioId) -> Option<String> {
        self.signed_audio(tenant, audio, now_s()..now_s() + LINK_LASTS.as_secs())
    }

    fn signed_audio(&self, tenant: TenantId, audio: AudioId, good: Range<u64>) -> Option<String> {
        let claims = AudioClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIO_AUDIENCE.to_owned(),
            sub: audio,
            tnt: tenant,
            nbf: good.start,
            exp: good.end,
        };
        self.signed(&claims)
    }

    /// Which audio file of which organisation a token is the way to; none when it is not ours, or not good any more.
    #[must_use]
    pub fn verify_audio(&self, token: &str) -> Option<(TenantId, AudioId)> {
        let claims: AudioClaims = self.claims(token, AUDIO_AUDIENCE)?;
        Some((claims.tnt, claims.sub))
    }

    /// A token that says this.
    fn signed(&self, claims: &impl Serialize) -> Option<String> {
        let key = self.0.first()?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(ALGORITHM) };
        jsonwebtoken::encode(&header, claims, &key.encoding).ok()
    }

    /// What a token of ours says that is for this audience and valid now.
    fn claims<T: DeserializeOwned>(&self, token: &str, audience: &str) -> Option<T> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = self.0.iter().find(|key| key.id == kid)?;
        let mut validation = Validation::new(ALGORITHM);
        validation.leeway = LEEWAY_S;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        Some(jsonwebtoken::decode::<T>(token, &key.decoding, &validation).ok()?.claims)
    }
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A secret that is shown once and looked up by its digest, such as a refresh token or an API key.
///
/// Its text names the row it belongs to, so that looking it up needs no index over secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// The organisation.
    pub tenant: TenantId,
    /// The row.
    pub row: Uuid,
    random: [u8; 32],
}

impl Secret {
    /// A new one for a row.
    #[must_use]
    pub fn new(tenant: TenantId, row: Uuid) -> Self {
        Self { tenant, row, random: rand::random() }
    }

    /// The text that is shown to its owner.
    #[must_use]
    pub fn text(&self, prefix: &str) -> String {
        let bytes = [self.tenant.0.as_bytes().as_slice(), self.row.as_bytes(), &self.random].concat();
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads it back; none when it is no secret with this prefix.
    #[must_use]
    pub fn read(prefix: &str, text: &str) -> Option<Self> {
        let bytes: [u8; 64] = URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?.try_into().ok()?;
        let (tenant, rest) = bytes.split_first_chunk::<16>()?;
        let (row, random) = rest.split_first_chunk::<16>()?;
        Some(Self {
            tenant: TenantId(Uuid::from_bytes(*tenant)),
            row: Uuid::from_bytes(*row),
            random: random.try_into().ok()?,
        })
    }

    /// What is stored of it. It is random enough for a plain digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Sha256::digest(self.random).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer() -> Bearer {
        Bearer {
            tenant: TenantId(Uuid::from_u128(1)),
            user: UserId(Uuid::from_u128(2)),
            session: SessionId(Uuid::from_u128(3)),
        }
    }

    fn keys(secrets: &[&str]) -> Keys {
        Keys::new(&secrets.iter().map(|secret| SecretString::from(*secret)).collect::<Vec<_>>())
    }

    const A: &str = "a secret of thirty-two characters";
    const B: &str = "b secret of thirty-two characters";

    #[test]
    fn a_token_is_ours_as_long_as_it_lasts() {
        let token = keys(&[A]).sign(bearer()).unwrap();
        assert_eq!(keys(&[A]).verify(&token), Some(bearer()));
        assert_eq!(keys(&[B, A]).verify(&token), Some(bearer()), "the key before it still verifies");
        assert_eq!(keys(&[B]).verify(&token), None);
        let old = keys(&[A]).sign_at(bearer(), now_s() - ACCESS_LASTS.as_secs() - LEEWAY_S - 5).unwrap();
        assert_eq!(keys(&[A]).verify(&old), None);
        let early = keys(&[A]).sign_at(bearer(), now_s() + LEEWAY_S + 60).unwrap();
        assert_eq!(keys(&[A]).verify(&early), None);
    }

    /// A token with a header and claims of the attacker's choice, signed with our key.
    fn forged(header: &serde_json::Value, edit: impl FnOnce(&mut serde_json::Value)) -> String {
        let keys = keys(&[A]);
        let token = keys.sign(bearer()).unwrap();
        let part = |n: usize| -> serde_json::Value {
            let text = token.split('.').nth(n).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        let (mut head, mut claims) = (part(0), part(1));
        for (name, value) in header.as_object().unwrap() {
            head[name] = value.clone();
        }
        edit(&mut claims);
        let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&head), encode(&claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &keys.0[0].encoding, ALGORITHM).unwrap();
        format!("{message}.{signature}")
    }

    #[test]
    fn what_a_token_says_of_itself_does_not_matter() {
        use serde_json::json;
        let keys = keys(&[A]);
        assert!(keys.verify(&forged(&json!({}), |_| {})).is_some(), "the forger's tool works");
        assert!(keys.verify(&forged(&json!({"alg": "none"}), |_| {})).is_none());
        assert!(keys.verify(&forged(&json!({"alg": "HS512"}), |_| {})).is_none());
        assert!(keys.verify(&forged(&json!({"alg": "RS256"}), |_| {})).is_none());
        assert!(keys.verify(&forged(&json!({"kid": "../../dev/null"}), |_| {})).is_none());
        for (claim, value) in [
            ("exp", json!("4102444800")),
            ("exp", json!(null)),
            ("nbf", json!("1")),
            ("aud", json!("elsewhere")),
            ("iss", json!("elsewhere")),
            ("sub", json!(7)),
        ] {
            let token = forged(&json!({}), |claims| claims[claim] = value.clone());
            assert!(keys.verify(&token).is_none(), "{claim}: {value}");
        }
        for claim in ["exp", "nbf", "aud", "iss", "sub", "tnt", "ses"] {
            let token = forged(&json!({}), |claims| {
                claims.as_object_mut().unwrap().remove(claim);
            });
            assert!(keys.verify(&token).is_none(), "without {claim}");
        }
    }

    #[test]
    fn the_way_to_an_audio_file_is_the_same_all_day_and_opens_nothing_else() {
        let (tenant, audio) = (TenantId(Uuid::from_u128(1)), AudioId(Uuid::from_u128(2)));
        let keys = keys(&[A]);
        let before = now_s() / AUDIO_KEEPS.as_secs();
        let (token, again) =
            (keys.sign_audio(tenant, audio).unwrap(), keys.sign_audio(tenant, audio).unwrap());
        assert!(token == again || before != now_s() / AUDIO_KEEPS.as_secs());
        for token in [&token, &keys.sign_audio_link(tenant, audio).unwrap()] {
            assert_eq!(keys.verify_audio(token), Some((tenant, audio)));
            assert!(keys.verify(token).is_none() && keys.verify_link(token).is_none());
        }
        assert!(keys.verify_audio(&keys.sign(bearer()).unwrap()).is_none(), "a login is no way to a file");
        let over = keys.signed_audio(tenant, audio, 0..now_s() - LEEWAY_S - 5).unwrap();
        assert!(keys.verify_audio(&over).is_none());
    }

    #[test]
    fn a_secret_names_its_row_and_reads_back() {
        let secret = Secret::new(TenantId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let text = secret.text("wlr_");
        let read = Secret::read("wlr_", &text).unwrap();
        assert!(read == secret && read.digest() == secret.digest());
        assert!(Secret::read("wlk_", &text).is_none() && Secret::read("wlr_", &text[..40]).is_none());
    }
}
