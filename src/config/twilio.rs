//! The carrier account: who places the calls, and who signs what comes back.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use warmline_twilio::{Dialect, client, softphone};

use super::error::Error;
use super::parse;
use super::reader::Reader;
use super::variable::{
    TWILIO_ACCOUNT_SID, TWILIO_API_BASE, TWILIO_API_KEY, TWILIO_API_SECRET, TWILIO_APPLICATION_SID,
    TWILIO_AUTH_TOKEN, TWILIO_AUTH_TOKEN_PREVIOUS, TWILIO_CALLS_PER_SECOND, TWILIO_DIALECT, Variable,
    WARMLINE_PLACEMENT_TIMEOUT_S,
};

/// A carrier account that is complete.
#[derive(Debug, Clone)]
pub struct Twilio {
    /// The account. At Twilio `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// What webhooks are signed with.
    pub auth_token: SecretString,
    /// What webhooks may also be signed with while the token is being changed.
    pub auth_token_previous: Option<SecretString>,
    /// Makes requests in place of the auth token.
    pub api_key: Option<ApiKey>,
    /// The application for calls that softphones make.
    pub application_sid: Option<String>,
    /// Everything before `/Accounts`, without a slash at the end.
    pub api_base: String,
    /// How that API is spoken to, by default as Twilio's.
    pub dialect: Dialect,
    /// Calls placed per second by all processes together, 0.01 to 1000, by default 1.
    pub calls_per_second: f64,
    /// How long a request may take, 1 to 45 seconds, by default 10.
    pub request_timeout: Duration,
}

/// An API key.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// Its id.
    pub sid: String,
    /// Its secret.
    pub secret: SecretString,
}

/// How long a connection may take, and never more than half of the whole request.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A command's lease of a minute must outlast the request it makes.
const REQUEST_TIMEOUT_MAX_S: u64 = 45;

impl Twilio {
    /// What the client needs.
    #[must_use]
    pub fn client(&self) -> client::Config {
        let (username, password) = match &self.api_key {
            Some(key) => (&key.sid, &key.secret),
            None => (&self.account_sid, &self.auth_token),
        };
        client::Config {
            api_base: self.api_base.clone(),
            dialect: self.dialect,
            account_sid: self.account_sid.clone(),
            username: username.clone(),
            password: password.clone(),
            softphone: self.api_key.as_ref().map(|key| softphone::Key {
                sid: key.sid.clone(),
                secret: key.secret.clone(),
                application_sid: self.application_sid.clone(),
            }),
            connect_timeout: CONNECT_TIMEOUT.min(self.request_timeout / 2),
            total_timeout: self.request_timeout,
        }
    }

    /// The keys that webhooks may be signed with, the present one first.
    #[must_use]
    pub fn auth_tokens(&self) -> Vec<SecretString> {
        [Some(&self.auth_token), self.auth_token_previous.as_ref()].into_iter().flatten().cloned().collect()
    }
}

/// The account as far as it is set.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    account_sid: Option<String>,
    auth_token: Option<SecretString>,
    auth_token_previous: Option<SecretString>,
    api_key: Option<ApiKey>,
    application_sid: Option<String>,
    api_base: String,
    dialect: Dialect,
    calls_per_second: f64,
    pub(super) request_timeout: Duration,
}

impl Parts {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Error> {
        let key = (reader.text(TWILIO_API_KEY)?, reader.secret(TWILIO_API_SECRET)?);
        let application_sid = reader.text(TWILIO_APPLICATION_SID)?;
        if application_sid.is_some() && key.0.is_none() {
            return Err(Error::missing_beside(TWILIO_API_KEY, TWILIO_APPLICATION_SID));
        }
        Ok(Self {
            account_sid: reader.text(TWILIO_ACCOUNT_SID)?,
            auth_token: reader.secret(TWILIO_AUTH_TOKEN)?,
            auth_token_previous: reader.secret(TWILIO_AUTH_TOKEN_PREVIOUS)?,
            api_key: match key {
                (Some(sid), Some(secret)) => Some(ApiKey { sid, secret }),
                (None, None) => None,
                (Some(_), None) => return Err(Error::missing_beside(TWILIO_API_SECRET, TWILIO_API_KEY)),
                (None, Some(_)) => return Err(Error::missing_beside(TWILIO_API_KEY, TWILIO_API_SECRET)),
            },
            application_sid,
            api_base: reader.value(TWILIO_API_BASE, parse::api_base)?,
            dialect: reader.value(TWILIO_DIALECT, parse::dialect)?,
            calls_per_second: reader.value(TWILIO_CALLS_PER_SECOND, parse::number(0.01..=1000.0))?,
            request_timeout: reader
                .value(WARMLINE_PLACEMENT_TIMEOUT_S, parse::seconds(1..=REQUEST_TIMEOUT_MAX_S))?,
        })
    }

    /// Whether the carrier is one that phones people and cannot reach this machine by itself.
    pub(super) fn is_real(&self) -> bool {
        client::is_known_carrier(&self.api_base)
    }

    fn is_twilio(&self) -> bool {
        self.is_real() && self.dialect.has_one_secret()
    }

    pub(super) fn complete(&self) -> Result<Twilio, Error> {
        let account_sid = self.account_sid.clone().ok_or_else(|| Error::missing(TWILIO_ACCOUNT_SID))?;
        let auth_token = self.auth_token.clone().ok_or_else(|| Error::missing(TWILIO_AUTH_TOKEN))?;
        if !self.dialect.has_one_secret() && self.api_key.is_none() {
            return Err(Error::missing_beside(TWILIO_API_KEY, TWILIO_DIALECT));
        }
        // Other carriers have other forms; of Twilio's the slips are caught here, not by its first refusal.
        if self.is_twilio() {
            let check = |variable: &Variable, text: &str, is_right: bool| {
                if is_right { Ok(()) } else { Err(Error::wrong(variable, text, "has another form")) }
            };
            check(TWILIO_ACCOUNT_SID, &account_sid, parse::is_sid(&account_sid, "AC"))?;
            check(TWILIO_AUTH_TOKEN, "", parse::is_token(auth_token.expose_secret()))?;
            if let Some(token) = &self.auth_token_previous {
                check(TWILIO_AUTH_TOKEN_PREVIOUS, "", parse::is_token(token.expose_secret()))?;
            }
            if let Some(key) = &self.api_key {
                check(TWILIO_API_KEY, &key.sid, parse::is_sid(&key.sid, "SK"))?;
            }
            if let Some(sid) = &self.application_sid {
                check(TWILIO_APPLICATION_SID, sid, parse::is_sid(sid, "AP"))?;
            }
        }
        Ok(Twilio {
            account_sid,
            auth_token,
            auth_token_previous: self.auth_token_previous.clone(),
            api_key: self.api_key.clone(),
            application_sid: self.application_sid.clone(),
            api_base: self.api_base.clone(),
            dialect: self.dialect,
            calls_per_second: self.calls_per_second,
            request_timeout: self.request_timeout,
        })
    }
}
