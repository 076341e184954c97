//! The REST client: places, steers, ends and looks up legs.
//!
//! Nothing is ever sent twice here. A request to place a leg has no key by which the carrier would
//! recognise it, so sending it again may ring a telephone twice; whether and when to try again is
//! decided by whoever keeps the record of what was tried. Telephone numbers and secrets are in no log
//! line, error or `Debug` output.

mod control;
mod exchange;
mod media;
mod placement;
mod read;
mod refusal;
mod resource;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret as _, SecretString};
use url::{Url, form_urlencoded};

pub use control::{Control, Participant, Sound};
pub use media::{Format, Media};
pub use placement::{Amd, NewCall, Placement};
pub use read::{Listed, ReadError};
pub use refusal::{Refusal, RefusalClass};
pub use resource::{AccountResource, CallResource, ConferenceResource, NumberResource, RecordingResource};

use exchange::Outcome;

use crate::dialect::{Auth, Dialect, Suffix};
use crate::softphone;

/// Twilio's own API, everything before `/Accounts`.
pub const TWILIO_BASE: &str = "https://api.twilio.com/2010-04-01";

/// Hosts of carriers that we know to phone people.
const KNOWN_HOSTS: [&str; 2] = ["twilio.com", "signalwire.com"];

/// Whether an API base is of a carrier that we know to phone people: Twilio or SignalWire.
#[must_use]
pub fn is_known_carrier(api_base: &str) -> bool {
    let url = Url::parse(api_base).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    KNOWN_HOSTS
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// The most pages that are read of a stretch of time.
const STRETCH_PAGES_MAX: usize = 20;

/// Where and as whom to call the API.
#[derive(Debug, Clone)]
pub struct Config {
    /// Everything before `/Accounts`; [`TWILIO_BASE`] unless the carrier is another.
    pub api_base: String,
    /// How that API is spoken to.
    pub dialect: Dialect,
    /// The account whose legs these are.
    pub account_sid: String,
    /// The account's sid again, or the sid of an API key.
    pub username: String,
    /// The auth token, or the secret of the API key. It does not verify webhooks: those are always
    /// signed with the auth token.
    pub password: SecretString,
    /// What softphones of the account are let in with; none when it has none.
    pub softphone: Option<softphone::Key>,
    /// How long to wait for a connection; must be shorter than `total_timeout`, so that a carrier that
    /// cannot be reached is told from one that does not answer.
    pub connect_timeout: Duration,
    /// How long a whole exchange may take.
    pub total_timeout: Duration,
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The base is not a URL that paths can be appended to. Not quoted, since it may hold a password.
    #[error(
        "the carrier's API base must be an absolute http or https URL without user name, query or \
         fragment, like {TWILIO_BASE}"
    )]
    Base,
    /// The account cannot be one.
    #[error("the carrier's account sid must consist of letters, digits, `-`, `_` and `:`")]
    AccountSid,
    /// TLS could not be set up.
    #[error("cannot set up TLS to the carrier: {0} (on a bare machine, install `ca-certificates`)")]
    Tls(String),
}

/// A carrier account. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    /// For placing legs: a new connection each time. On a kept one the far end may hang up just as we
    /// write, and nobody could tell whether a telephone rings.
    placing: reqwest::Client,
    /// For everything that may be repeated: connections are kept, for the latency of live calls.
    steering: reqwest::Client,
    account: Url,
    dialect: Dialect,
    /// To connect, and in all.
    timeouts: (Duration, Duration),
    username: String,
    password: SecretString,
    softphone: Option<softphone::Key>,
}

/// Another account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Where it is; none for the same carrier.
    pub elsewhere: Option<Elsewhere>,
    /// The account.
    pub account_sid: String,
    /// As under [`Config::username`].
    pub username: String,
    /// As under [`Config::password`].
    pub password: SecretString,
    /// As under [`Config::softphone`].
    pub softphone: Option<softphone::Key>,
}

/// Another carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// As under [`Config::api_base`].
    pub api_base: String,
    /// How it is spoken to.
    pub dialect: Dialect,
}

impl Config {
    /// An account at Twilio with its auth token, 3 s to connect and 10 s in all.
    #[must_use]
    pub fn twilio(account_sid: &str, auth_token: SecretString) -> Self {
        Self {
            api_base: TWILIO_BASE.to_owned(),
            dialect: Dialect::TWILIO,
            account_sid: account_sid.to_owned(),
            username: account_sid.to_owned(),
            password: auth_token,
            softphone: None,
            connect_timeout: Duration::from_secs(3),
            total_timeout: Duration::from_secs(10),
        }
    }
}

impl Client {
    /// A client for one account. Connects to nothing yet.
    ///
    /// # Errors
    /// When the base or the account cannot be right, or there is no usable TLS.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let account = account_url(&config.api_base, &config.account_sid)?;
        let http = || {
            let http = reqwest::Client::builder()
                .user_agent(concat!("warmline/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(config.connect_timeout)
                .timeout(config.total_timeout)
                // Both would send again on their own account.
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never());
            // A simulated carrier without TLS must work on a machine without certificate authorities.
            if account.scheme() == "http" { http.tls_certs_only([]) } else { http }
        };
        let tls = |error| ConfigError::Tls(exchange::explain(error));
        Ok(Self {
            placing: http().pool_max_idle_per_host(0).build().map_err(tls)?,
            steering: http().pool_idle_timeout(Duration::from_secs(15)).build().map_err(tls)?,
            account,
            dialect: config.dialect,
            timeouts: (config.connect_timeout, config.total_timeout),
            username: config.username,
            password: config.password,
            softphone: config.softphone.filter(|_| config.dialect.has_softphones()),
        })
    }

    /// Another account: at the same carrier over the same connections, elsewhere with the same patience.
    ///
    /// # Errors
    /// When the account cannot be one, nor its carrier, or there is no usable TLS.
    pub fn for_account(&self, other: Account) -> Result<Self, ConfigError> {
        let Account { elsewhere, account_sid, username, password, softphone } = other;
        if let Some(Elsewhere { api_base, dialect }) = elsewhere {
            let (connect_timeout, total_timeout) = self.timeouts;
            return Self::new(Config {
                api_base,
                dialect,
                account_sid,
                username,
                password,
                softphone,
                connect_timeout,
                total_timeout,
            });
        }
        let softphone = softphone.filter(|_| self.dialect.has_softphones());
        let mut account = self.account.clone();
        check_sid(&account_sid)?;
        account.path_segments_mut().map_err(|()| ConfigError::Base)?.pop().push(&account_sid);
        Ok(Self { account, username, password, softphone, ..self.clone() })
    }

    /// How its carrier is spoken to.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether the account has softphones.
    #[must_use]
    pub const fn has_softphones(&self) -> bool {
        self.softphone.is_some()
    }

    /// A token that lets a softphone in, as [`softphone::Key::token`]; none when the account has none.
    #[must_use]
    pub fn softphone_token(&self, identity: &str, now: Timestamp) -> Option<softphone::Token> {
        self.softphone.as_ref()?.token(self.account_sid(), identity, now)
    }

    /// The account whose legs these are.
    #[must_use]
    pub fn account_sid(&self) -> &str {
        self.account.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default()
    }

    /// Places a leg: asks the carrier to ring a telephone.
    ///
    /// Must be preceded by a durable record that it was about to be asked: [`Placement::Unknown`], or
    /// dying before the answer, means that the telephone may ring.
    pub async fn create_call(&self, call: &NewCall) -> Placement {
        let request = self.placing.post(self.resource(&["Calls"]));
        Placement::of(self.post("create call", request, call.form()).await)
    }

    /// Makes a running leg go on with the document at `url`; in a conference, it leaves.
    pub async fn redirect(&self, call_sid: &str, url: &str) -> Control {
        self.update(call_sid, "redirect call", ("Url", url)).await
    }

    /// Ends a leg, whether it waits, rings or talks.
    pub async fn hang_up(&self, call_sid: &str) -> Control {
        // `canceled` would do nothing to a leg that was answered in the meantime.
        self.update(call_sid, "hang up call", ("Status", "completed")).await
    }

    /// Makes a leg in a conference held and muted, or not.
    pub async fn adjust_sound(&self, place: Participant<'_>, sound: &Sound<'_>) -> Control {
        let form = sound.form();
        let url = self.resource(&["Conferences", place.conference_sid, "Participants", place.call_sid]);
        Control::of(self.post("adjust sound", self.steering.post(url), form).await)
    }

    /// Opens the sound of a recording. It is not found before it is complete, and for a moment after.
    ///
    /// # Errors
    /// When it is not found, or cannot be had now.
    pub async fn open_recording(&self, recording_sid: &str, format: Format) -> Result<Media, ReadError> {
        let name = format!("{recording_sid}.{format}");
        self.open_media(self.url(&["Recordings", &name])).await
    }

    /// Deletes a recording at the carrier.
    pub async fn delete_recording(&self, recording_sid: &str) -> Control {
        let url = self.resource(&["Recordings", recording_sid]);
        let request = self.authorized(self.steering.delete(url));
        Control::of(exchange::perform("delete recording", request).await)
    }

    /// Looks a leg up. One that was just placed may not be found for a moment.
    ///
    /// # Errors
    /// When it is not found, or cannot be looked up now.
    pub async fn fetch_call(&self, call_sid: &str) -> Result<CallResource, ReadError> {
        let url = self.resource(&["Calls", call_sid]);
        self.fetch("fetch call", url, CallResource::read).await
    }

    /// Every leg between two numbers that the carrier knows of, newest first as a rule. It may lag behind
    /// by seconds, so that a leg is missing proves nothing by itself.
    ///
    /// # Errors
    /// When the list cannot be had whole: part of a list is no evidence.
    pub async fn list_calls(&self, to: &str, from: &str) -> Result<Vec<CallResource>, ReadError> {
        let mut url = self.resource(&["Calls"]);
        url.query_pairs_mut().append_pair("To", to).append_pair("From", from).append_pair("PageSize", "200");
        let mut calls = self.pages("list calls", url, "calls", CallResource::read).await?;
        // Not every compatible carrier heeds the filters.
        calls.retain(|call| call.to.as_deref() == Some(to) && call.from.as_deref() == Some(from));
        Ok(calls)
    }

    /// The legs that were dialed in a stretch of time.
    ///
    /// # Errors
    /// When they cannot be had now.
    pub async fn list_calls_during(
        &self,
        during: (Timestamp, Timestamp),
    ) -> Result<Listed<CallResource>, ReadError> {
        let url = self.stretch("Calls", "StartTime", during);
        self.newest("list calls of a time", url, ("calls", STRETCH_PAGES_MAX), CallResource::read).await
    }

    /// The recordings that began in a stretch of time.
    ///
    /// # Errors
    /// When they cannot be had now.
    pub async fn list_recordings(
        &self,
        during: (Timestamp, Timestamp),
    ) -> Result<Listed<RecordingResource>, ReadError> {
        let url = self.stretch("Recordings", "DateCreated", during);
        self.newest("list recordings", url, ("recordings", STRETCH_PAGES_MAX), RecordingResource::read).await
    }

    /// The conferences that began in a stretch of time.
    ///
    /// # Errors
    /// When they cannot be had now.
    pub async fn list_conferences(
        &self,
        during: (Timestamp, Timestamp),
    ) -> Result<Listed<ConferenceResource>, ReadError> {
        let url = self.stretch("Conferences", "DateCreated", during);
        self.newest("list conferences", url, ("conferences", STRETCH_PAGES_MAX), ConferenceResource::read)
            .await
    }

    /// The telephone numbers that the account may show: its own, and those of others that were verified.
    ///
    /// # Errors
    /// When they cannot be had now.
    pub async fn list_numbers(&self) -> Result<Vec<NumberResource>, ReadError> {
        let mut url = self.resource(&["IncomingPhoneNumbers"]);
        url.query_pairs_mut().append_pair("PageSize", "1000");
        let mut numbers =
            self.pages("list numbers", url, "incoming_phone_numbers", NumberResource::read).await?;
        let mut url = self.resource(&["OutgoingCallerIds"]);
        url.query_pairs_mut().append_pair("PageSize", "1000");
        match self.pages("list verified numbers", url, "outgoing_caller_ids", NumberResource::read).await {
            Ok(verified) => numbers.extend(verified),
            // Not every compatible carrier verifies numbers.
            Err(ReadError::Missing) => {}
            Err(error) => return Err(error),
        }
        Ok(numbers)
    }

    /// The account itself; the cheapest proof that the credentials are right.
    ///
    /// # Errors
    /// When it cannot be had, most usefully [`ReadError::Refused`].
    pub async fn fetch_account(&self) -> Result<AccountResource, ReadError> {
        self.fetch("fetch account", self.resource(&[]), AccountResource::read).await
    }

    async fn update(&self, call_sid: &str, what: &'static str, change: (&str, &str)) -> Control {
        let form = form_urlencoded::Serializer::new(String::new()).append_pair(change.0, change.1).finish();
        let request = self.steering.post(self.resource(&["Calls", call_sid]));
        Control::of(self.post(what, request, form).await)
    }

    async fn post(&self, what: &'static str, request: RequestBuilder, form: String) -> Outcome {
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        exchange::perform(what, self.authorized(request)).await
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match self.dialect.auth {
            Auth::Basic => request.basic_auth(&self.username, Some(self.password.expose_secret())),
            Auth::Bearer => request.bearer_auth(self.password.expose_secret()),
        }
    }

    /// A resource under the account, or the account itself, by the name that its dialect has for it.
    fn resource(&self, segments: &[&str]) -> Url {
        let suffix = match self.dialect.suffix {
            Suffix::Json => ".json",
            Suffix::None => "",
        };
        let Some((last, before)) = segments.split_last() else {
            let mut url = self.account.clone();
            url.set_path(&format!("{}{suffix}", self.account.path()));
            return url;
        };
        let last = format!("{last}{suffix}");
        self.url(&[before, &[&last]].concat())
    }

    /// A list of what has its date in a stretch of time, in whole seconds and as few pages as may be.
    fn stretch(&self, name: &str, date: &str, (from, to): (Timestamp, Timestamp)) -> Url {
        let seconds = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut url = self.resource(&[name]);
        url.query_pairs_mut()
            .append_pair(&format!("{date}>"), &seconds(from))
            .append_pair(&format!("{date}<"), &seconds(to))
            .append_pair("PageSize", "500");
        url
    }

    /// A URL under the account; every segment is escaped.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.account.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(segments);
        }
        url
    }
}

fn account_url(api_base: &str, account_sid: &str) -> Result<Url, ConfigError> {
    let mut url = Url::parse(api_base).map_err(|_| ConfigError::Base)?;
    let plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if !plain || !url.username().is_empty() || url.password().is_some() {
        return Err(ConfigError::Base);
    }
    check_sid(account_sid)?;
    url.path_segments_mut().map_err(|()| ConfigError::Base)?.pop_if_empty().extend(["Accounts", account_sid]);
    Ok(url)
}

fn check_sid(account_sid: &str) -> Result<(), ConfigError> {
    let is_sid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
    if account_sid.is_empty() || !account_sid.bytes().all(is_sid) {
        return Err(ConfigError::AccountSid);
    }
    Ok(())
}
