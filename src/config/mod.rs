//! The configuration: every setting from the environment, checked once, when a process starts.
//!
//! [`Config::from_env`] refuses what is set and wrong, whoever will need it. What is not set and has
//! no default is an error only of the role that asks for it: [`Config::database_url`],
//! [`Config::twilio`] and the like. [`VARIABLES`] names every variable; `.env.example` shows them.

mod error;
mod parse;
pub mod queues;
mod reader;
mod servers;
mod twilio;
mod variable;
mod vault;

use std::collections::HashMap;
use std::env::VarError;
use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};
use tracing_subscriber::EnvFilter;
use url::{Host, Url};
use warmline_engine::Vault;
use warmline_twilio::client::Format;
use warmline_workers::delivery;
use warmline_workers::queue::Load;
use warmline_workers::store::{Bucket, Place};
use warmline_workflows::Timeline;
use warmline_workflows::cadence::{self, Cadence, InvalidCadence};
use warmline_workflows::call::Conduct;
use warmline_workflows::cost::rates::{InvalidRates, Rates};

use crate::import::Limits;

pub use error::Error;
pub use twilio::{ApiKey, Twilio};
pub use variable::{VARIABLES, Variable};

use reader::{LookUp, NotText, Reader};
use variable::{
    AMD_TIMEOUT, BASE_URL, CALL_RETRY_DELAY_MINUTES, CALL_RETRY_MAX_ATTEMPTS, DATABASE_URL, JWT_EXPIRES_IN,
    JWT_SECRET, JWT_SECRET_PREVIOUS, MAX_CONCURRENT_CALLS, OTEL_EXPORTER_OTLP_ENDPOINT, PORT, REDIS_URL,
    S3_ACCESS_KEY, S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_SECRET, TWILIO_NUMBER, WARMLINE_API_RATE,
    WARMLINE_CORS_ORIGINS, WARMLINE_DAILY_SPEND_CAP, WARMLINE_DATABASE_CONNECTIONS, WARMLINE_ENDPOINT_PORTS,
    WARMLINE_ENV, WARMLINE_IMPORT_BATCH_ROWS, WARMLINE_IMPORT_COLUMNS, WARMLINE_IMPORT_FILE_MIB,
    WARMLINE_IMPORT_ROW_KIB, WARMLINE_IMPORT_ROWS, WARMLINE_JOURNAL_DAYS, WARMLINE_LOG, WARMLINE_LOG_FORMAT,
    WARMLINE_OPERATIONS_ADDRESS, WARMLINE_PLACEMENT_QUIET_WINDOW_S, WARMLINE_PLACEMENT_TIMEOUT_S,
    WARMLINE_QUEUES, WARMLINE_RATES, WARMLINE_RECORDINGS_FOLDER, WARMLINE_RECORDINGS_FORMAT,
    WARMLINE_RECORDINGS_LEAVE_CARRIER, WARMLINE_REGISTRATION, WARMLINE_TIMELINE, WARMLINE_TRUSTED_PROXIES,
    WEBHOOK_BASE_URL,
};

/// The settings of a process. Its `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the installation is for; by default development.
    pub environment: Environment,
    /// The TCP port of the HTTP server, 1 to 65535, by default 3000.
    pub port: u16,
    /// Where people reach this server; by default `http://localhost` and the port.
    pub base_url: Url,
    /// Where supervisors are answered; none when nowhere.
    pub operations_address: Option<SocketAddr>,
    /// Which log lines are written, as directives for `tracing`; by default `info`.
    pub log_filter: String,
    /// How log lines are written; by default as text.
    pub log_format: LogFormat,
    /// The collector that traces are sent to; none for nobody.
    pub otlp_endpoint: Option<String>,
    /// Connections to Postgres besides those of the committers, 2 to 1000, by default 16.
    pub database_connections: u32,
    /// Jobs that a worker process does at once, 0 to 1024 of each queue.
    pub queues: Vec<Load>,
    /// The TCP ports that endpoints may have, by default 443.
    pub endpoint_ports: Vec<u16>,
    /// Machine time after which a placement without a trace is given up; longer than a request to the
    /// carrier may take, at most a day, by default 10 minutes.
    pub quiet_window: Duration,
    /// How business time runs; by default as real time.
    pub timeline: Timeline,
    /// Calls at once of new organisations and campaigns, 1 to 100000, by default 10.
    pub max_concurrent_calls: u32,
    /// Seconds that detection may take in new campaigns, 3 to 59, by default 30; none switches it off.
    pub amd_timeout_s: Option<u32>,
    /// What the carrier asks; by default its list prices in the United States.
    pub rates: Rates,
    /// The most that is taken of a file of leads.
    pub import_limits: Limits,
    /// Days that journals are kept, 30 to 36500; by default none: for ever.
    pub journal_days: Option<u32>,
    /// Where recordings are kept; none when they stay at the carrier.
    pub recordings: Recordings,
    cadence: Cadence,
    webhook_base_url: Option<Url>,
    twilio: twilio::Parts,
    vault: vault::Parts,
    twilio_number: Option<String>,
    database_url: Option<SecretString>,
    redis_url: Option<SecretString>,
    /// What an organisation that registers may spend a day, in micros of a dollar; by default 50 dollars.
    pub daily_spend_cap_micros: Option<i64>,
    /// Whether anybody may register an organisation; by default yes.
    pub registration: bool,
    /// Requests per second of one person or API key, 1 to 100000, by default 50.
    pub api_rate: u32,
    /// Origins whose pages may use the API from a browser.
    pub cors_origins: Vec<String>,
    /// Proxies that are believed when they say whom they were asked by.
    pub trusted_proxies: Vec<IpNet>,
    jwt_secret: Option<SecretString>,
    jwt_secret_previous: Option<SecretString>,
    jwt_expires_in: Duration,
}

/// What an installation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Work on Warmline or with it, on one's own machine.
    Development,
    /// Automatic tests.
    Test,
    /// Calls to real people. There are no rehearsals.
    Production,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object per line, for machines.
    Json,
}

/// What becomes of recordings.
#[derive(Debug, Clone)]
pub struct Recordings {
    /// Where they are kept; by default in the folder `recordings`.
    pub place: Place,
    /// In which form they are fetched; by default WAV.
    pub format: Format,
    /// Whether they are deleted at the carrier once they are kept here; by default not.
    pub leave_carrier: bool,
}

/// How people stay logged in.
#[derive(Debug, Clone)]
pub struct Jwt {
    /// Sign their tokens, the first, and verify them, all; at least 32 characters each.
    pub secrets: Vec<SecretString>,
    /// How long a login lasts that is not used, a minute to 30 days, by default 24 hours.
    pub expires_in: Duration,
}

const JWT_SECRET_CHARS_MIN: usize = 32;
const JWT_EXPIRES_MIN: Duration = Duration::from_secs(60);
const JWT_EXPIRES_MAX: Duration = Duration::from_secs(30 * 86_400);
const TIMELINE_FACTOR_MAX: f64 = 10_000.0;

impl Config {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn from_env() -> Result<Self, Error> {
        Self::read(&|name| match std::env::var(name) {
            Ok(text) => Ok(Some(text)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(NotText),
        })
    }

    /// Reads the variables of a map; others than those of [`VARIABLES`] are passed over.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn from_vars(vars: &HashMap<String, String>) -> Result<Self, Error> {
        Self::read(&|name| Ok(vars.get(name).cloned()))
    }

    fn read(look_up: LookUp<'_>) -> Result<Self, Error> {
        let reader = &Reader::new(look_up);
        let environment = reader.value(WARMLINE_ENV, parse::word(ENVIRONMENTS))?;
        let port = reader.value(PORT, parse::port)?;
        let base_url = reader.optional(BASE_URL, parse::base_url)?;
        let twilio = twilio::Parts::read(reader)?;
        Ok(Self {
            environment,
            port,
            webhook_base_url: reader
                .optional(WEBHOOK_BASE_URL, parse::base_url)?
                .or_else(|| base_url.clone()),
            base_url: match base_url {
                Some(base_url) => base_url,
                None => local(port).map_err(|is| Error::wrong(BASE_URL, "", is))?,
            },
            operations_address: reader.optional(WARMLINE_OPERATIONS_ADDRESS, |text| {
                text.parse().map_err(|_| "is not an address with a port".to_owned())
            })?,
            log_filter: reader.value(WARMLINE_LOG, log_filter)?,
            otlp_endpoint: reader.optional(OTEL_EXPORTER_OTLP_ENDPOINT, otlp_endpoint)?,
            log_format: reader.value(WARMLINE_LOG_FORMAT, parse::word(LOG_FORMATS))?,
            database_connections: reader.value(WARMLINE_DATABASE_CONNECTIONS, parse::number(2..=1000))?,
            queues: reader.value(WARMLINE_QUEUES, queues::parse)?,
            endpoint_ports: reader.value(WARMLINE_ENDPOINT_PORTS, parse::ports)?,
            quiet_window: quiet_window(reader, twilio.request_timeout)?,
            timeline: reader
                .optional(WARMLINE_TIMELINE, |text| timeline(text, environment))?
                .unwrap_or(Timeline::REAL),
            max_concurrent_calls: reader.value(MAX_CONCURRENT_CALLS, parse::number(1..=100_000))?,
            amd_timeout_s: reader.value(AMD_TIMEOUT, parse::or_off(parse::number(3..=59)))?,
            rates: reader.value(WARMLINE_RATES, |text| {
                text.parse().map_err(|error: InvalidRates| error.to_string())
            })?,
            import_limits: import_limits(reader)?,
            journal_days: reader.value(WARMLINE_JOURNAL_DAYS, parse::or_off(parse::number(30..=36_500)))?,
            recordings: recordings(reader)?,
            cadence: cadence(reader)?,
            twilio,
            vault: vault::Parts::read(reader)?,
            twilio_number: reader.optional(TWILIO_NUMBER, parse::e164)?,
            database_url: servers::database_url(reader)?,
            redis_url: servers::redis_url(reader)?,
            daily_spend_cap_micros: reader
                .value(WARMLINE_DAILY_SPEND_CAP, parse::or_off(parse::number(1..=1_000_000_i64)))?
                .map(|dollars| dollars * 1_000_000),
            registration: reader.value(WARMLINE_REGISTRATION, parse::word(REGISTRATION))?,
            api_rate: reader.value(WARMLINE_API_RATE, parse::number(1..=100_000))?,
            cors_origins: reader.optional(WARMLINE_CORS_ORIGINS, parse::origins)?.unwrap_or_default(),
            trusted_proxies: reader.optional(WARMLINE_TRUSTED_PROXIES, parse::networks)?.unwrap_or_default(),
            jwt_secret: reader.optional(JWT_SECRET, jwt_secret)?,
            jwt_secret_previous: reader.optional(JWT_SECRET_PREVIOUS, jwt_secret)?,
            jwt_expires_in: reader.value(JWT_EXPIRES_IN, parse::span(JWT_EXPIRES_MIN..=JWT_EXPIRES_MAX))?,
        })
    }

    /// The URL of Postgres.
    ///
    /// # Errors
    /// When neither `DATABASE_URL` nor `DB_HOST` is set.
    pub fn database_url(&self) -> Result<&SecretString, Error> {
        self.database_url.as_ref().ok_or_else(|| Error::missing(DATABASE_URL))
    }

    /// The keys to personal data.
    ///
    /// # Errors
    /// When one that is needed is not set; in production, also when nothing is said of encryption at all.
    pub fn vault(&self) -> Result<Vault, Error> {
        self.vault.vault(self.environment)
    }

    /// The URL of Redis.
    ///
    /// # Errors
    /// When neither `REDIS_URL` nor `REDIS_HOST` is set.
    pub fn redis_url(&self) -> Result<&SecretString, Error> {
        self.redis_url.as_ref().ok_or_else(|| Error::missing(REDIS_URL))
    }

    /// The carrier account.
    ///
    /// # Errors
    /// When it is not complete; when the carrier is Twilio itself, also when its settings do not have
    /// Twilio's form, or business time is not real time: calling hours would be those of a rehearsal.
    pub fn twilio(&self) -> Result<Twilio, Error> {
        let account = self.twilio.complete()?;
        if self.twilio.is_real() && self.timeline != Timeline::REAL {
            let is = "cannot be used with Twilio itself, which phones real people, so set TWILIO_API_BASE";
            return Err(Error::wrong(WARMLINE_TIMELINE, "", is));
        }
        Ok(account)
    }

    /// The caller id of campaigns that name none, E.164.
    ///
    /// # Errors
    /// When `TWILIO_NUMBER` is not set.
    pub fn twilio_number(&self) -> Result<&str, Error> {
        self.twilio_number.as_deref().ok_or_else(|| Error::missing(TWILIO_NUMBER))
    }

    /// Where the carrier reaches us: `WEBHOOK_BASE_URL`, else `BASE_URL`; with another carrier than
    /// Twilio itself, else `http://localhost` and the port.
    ///
    /// # Errors
    /// When the carrier is Twilio itself and could not reach that address.
    pub fn public_base(&self) -> Result<&Url, Error> {
        let given = self.webhook_base_url.as_ref();
        match given {
            None if self.twilio.is_real() => Err(Error::missing(WEBHOOK_BASE_URL)),
            Some(base) if self.twilio.is_real() && is_local(base) => {
                Err(Error::wrong(WEBHOOK_BASE_URL, base.as_str(), "cannot be reached by Twilio"))
            }
            given => Ok(given.unwrap_or(&self.base_url)),
        }
    }

    /// Where endpoints may be: on the open internet; while nobody real is called, on this machine as well.
    #[must_use]
    pub fn endpoint_rules(&self) -> delivery::Rules {
        let reach = match self.environment {
            Environment::Development | Environment::Test => delivery::Reach::Loopback,
            Environment::Production => delivery::Reach::Internet,
        };
        delivery::Rules { ports: self.endpoint_ports.clone(), reach }
    }

    /// How people stay logged in.
    ///
    /// # Errors
    /// When `JWT_SECRET` is not set.
    pub fn jwt(&self) -> Result<Jwt, Error> {
        let secret = self.jwt_secret.clone().ok_or_else(|| Error::missing(JWT_SECRET))?;
        let secrets = [secret].into_iter().chain(self.jwt_secret_previous.clone()).collect();
        Ok(Jwt { secrets, expires_in: self.jwt_expires_in })
    }

    /// How the calls of a new campaign are conducted that does not say otherwise.
    #[must_use]
    pub fn conduct_defaults(&self) -> Conduct {
        Conduct { amd_timeout_s: self.amd_timeout_s, ..Conduct::default() }
    }

    /// When a new campaign calls a lead again that does not say otherwise.
    #[must_use]
    pub fn cadence_defaults(&self) -> Cadence {
        self.cadence.clone()
    }
}

const ENVIRONMENTS: &[(&str, Environment)] = &[
    ("development", Environment::Development),
    ("test", Environment::Test),
    ("production", Environment::Production),
];

const REGISTRATION: &[(&str, bool)] = &[("open", true), ("closed", false)];

const LOG_FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];

fn local(port: u16) -> Result<Url, String> {
    parse::base_url(&format!("http://localhost:{port}"))
}

/// Whether an address leads back to the machine that uses it.
fn is_local(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => true,
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    EnvFilter::builder().parse(text).map_err(|error| format!("is not a filter, {error}"))?;
    Ok(text.to_owned())
}

fn otlp_endpoint(text: &str) -> Result<String, String> {
    if !cfg!(feature = "otel") {
        return Err("needs a program built with `--features otel`".to_owned());
    }
    let is_one = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if is_one { Ok(text.to_owned()) } else { Err("is not an address".to_owned()) }
}

fn quiet_window(reader: &Reader<'_>, request_timeout: Duration) -> Result<Duration, Error> {
    reader.value(WARMLINE_PLACEMENT_QUIET_WINDOW_S, |text| {
        let window = parse::seconds(1..=86_400)(text)?;
        if window > request_timeout {
            Ok(window)
        } else {
            let (name, timeout) = (WARMLINE_PLACEMENT_TIMEOUT_S.name, request_timeout.as_secs());
            Err(format!("is not longer than {name}, {timeout} s"))
        }
    })
}

fn timeline(text: &str, environment: Environment) -> Result<Timeline, String> {
    let timeline: Timeline =
        serde_json::from_str(text).map_err(|error| format!("cannot be read, {error}"))?;
    if environment == Environment::Production {
        return Err("is a rehearsal, which WARMLINE_ENV=production refuses".to_owned());
    }
    if (1.0..=TIMELINE_FACTOR_MAX).contains(&timeline.factor) {
        Ok(timeline)
    } else {
        Err("has a factor out of range".to_owned())
    }
}

fn cadence(reader: &Reader<'_>) -> Result<Cadence, Error> {
    let attempts = reader.value(CALL_RETRY_MAX_ATTEMPTS, parse::number(0..=u16::MAX))?;
    let delay = reader.value(CALL_RETRY_DELAY_MINUTES, parse::number(0..=u32::MAX))?;
    let terms =
        cadence::Terms { max_attempts: attempts, retry_delay_min: delay, ..cadence::Terms::default() };
    Cadence::new(terms).map_err(|error| match error {
        InvalidCadence::Delay(_) => {
            Error::wrong(CALL_RETRY_DELAY_MINUTES, &delay.to_string(), "is out of range")
        }
        InvalidCadence::Attempts(_) | InvalidCadence::NeverRetried(_) => {
            Error::wrong(CALL_RETRY_MAX_ATTEMPTS, &attempts.to_string(), "is out of range")
        }
    })
}

fn import_limits(reader: &Reader<'_>) -> Result<Limits, Error> {
    let mib = reader.value(WARMLINE_IMPORT_FILE_MIB, parse::number(1..=65_536_u64))?;
    let row_kib = reader.value(WARMLINE_IMPORT_ROW_KIB, parse::number(1..=1024_usize))?;
    Ok(Limits {
        file_bytes: mib << 20,
        rows: reader.value(WARMLINE_IMPORT_ROWS, parse::number(1..=100_000_000))?,
        columns: reader.value(WARMLINE_IMPORT_COLUMNS, parse::number(1..=2_000))?,
        row_bytes: row_kib * 1024,
        batch_rows: reader.value(WARMLINE_IMPORT_BATCH_ROWS, parse::number(1..=50_000))?,
    })
}

fn recordings(reader: &Reader<'_>) -> Result<Recordings, Error> {
    let keys = match (reader.text(S3_ACCESS_KEY)?, reader.secret(S3_SECRET)?) {
        (Some(id), Some(secret)) => Some((id, secret)),
        (None, None) => None,
        (Some(_), None) => return Err(Error::missing_beside(S3_SECRET, S3_ACCESS_KEY)),
        (None, Some(_)) => return Err(Error::missing_beside(S3_ACCESS_KEY, S3_SECRET)),
    };
    let endpoint = reader.optional(S3_ENDPOINT, parse::api_base)?;
    let region = reader.text(S3_REGION)?.unwrap_or_default();
    let folder = reader.text(WARMLINE_RECORDINGS_FOLDER)?.unwrap_or_default();
    let place = match reader.text(S3_BUCKET)? {
        Some(name) => Place::Bucket(Bucket { name, region, endpoint, keys }),
        None => Place::Folder(folder.into()),
    };
    Ok(Recordings {
        place,
        format: reader.value(WARMLINE_RECORDINGS_FORMAT, parse::format)?,
        leave_carrier: reader.value(WARMLINE_RECORDINGS_LEAVE_CARRIER, parse::yes_or_no)?,
    })
}

fn jwt_secret(text: &str) -> Result<SecretString, String> {
    let secret = SecretString::from(text.to_owned());
    if text.to_ascii_lowercase().starts_with("changeme") {
        Err("is the one of an example".to_owned())
    } else if secret.expose_secret().chars().count() < JWT_SECRET_CHARS_MIN {
        Err("is too short".to_owned())
    } else {
        Ok(secret)
    }
}

#[cfg(test)]
mod tests;
