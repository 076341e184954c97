//! `warmline check`: is everything there that calls need? A plain verdict on each thing.

use std::io::Write as _;

use secrecy::ExposeSecret as _;
use warmline_engine::Database;
use warmline_engine::vault::Encryption;
use warmline_twilio::client::{Client, ReadError};
use warmline_workers::queue::Queues;

use crate::config::Config;

/// Checks everything and prints a line on each; true when all is well.
pub async fn run(config: &Config) -> bool {
    let mut verdicts = Verdicts::default();
    verdicts.line("configuration", Ok("readable".to_owned()));
    verdicts.line("database", database(config).await);
    verdicts.line("personal data", personal_data(config));
    verdicts.line("redis", redis(config).await);
    verdicts.line("webhook address", webhook_address(config));
    match carrier(config) {
        Ok(client) => {
            verdicts.line("carrier account", account(&client).await);
            verdicts.line("caller id", caller_id(config, &client).await);
        }
        Err(why) => verdicts.line("carrier account", Err(why)),
    }
    verdicts.all_well()
}

/// Lines on standard output, one for each thing that was looked at.
#[derive(Default)]
pub(crate) struct Verdicts {
    failed: bool,
}

impl Verdicts {
    /// Whether no line said otherwise.
    pub(crate) const fn all_well(&self) -> bool {
        !self.failed
    }

    /// Says what was found, or what is wrong.
    pub(crate) fn line(&mut self, what: &str, verdict: Result<String, String>) {
        let mut out = std::io::stdout().lock();
        let _closed = match verdict {
            Ok(fact) => writeln!(out, "ok    {what}: {fact}"),
            Err(why) => {
                self.failed = true;
                writeln!(out, "FAIL  {what}: {why}")
            }
        };
    }
}

async fn database(config: &Config) -> Result<String, String> {
    let url = config.database_url().map_err(|error| error.to_string())?;
    let database = Database::connect(url.expose_secret(), 2).await.map_err(|error| error.to_string())?;
    match database.is_migrated().await {
        Ok(true) => match database.walls().await {
            Ok(()) => Ok("connected, up to date, organisations walled off".to_owned()),
            Err(error) => Err(error.to_string()),
        },
        Ok(false) => Err("connected, but not of this version: run `warmline migrate`".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn personal_data(config: &Config) -> Result<String, String> {
    let vault = config.vault().map_err(|error| error.to_string())?;
    Ok(match vault.encryption() {
        Encryption::On => "sealed".to_owned(),
        Encryption::Off | Encryption::Locked => "stored as it is: encryption is off".to_owned(),
    })
}

async fn redis(config: &Config) -> Result<String, String> {
    let url = config.redis_url().map_err(|error| error.to_string())?;
    let connected = tokio::time::timeout(
        std::time::Duration::from_secs(10),
        Queues::connect(url.expose_secret(), "warmline"),
    );
    match connected.await {
        Ok(Ok(_)) => Ok("connected".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer within 10 seconds; is REDIS_URL right, and the server running?".to_owned()),
    }
}

fn webhook_address(config: &Config) -> Result<String, String> {
    config.public_base().map(ToString::to_string).map_err(|error| error.to_string())
}

fn carrier(config: &Config) -> Result<Client, String> {
    let twilio = config.twilio().map_err(|error| error.to_string())?;
    Client::new(twilio.client()).map_err(|error| error.to_string())
}

async fn account(client: &Client) -> Result<String, String> {
    match client.fetch_account().await {
        Ok(account) => match account.status.as_deref() {
            Some("active") | None => Ok(format!("{} answers", account.sid)),
            Some(status) => Err(format!("{} is {status}; see the carrier's console", account.sid)),
        },
        Err(error) => Err(explain(&error)),
    }
}

async fn caller_id(config: &Config, client: &Client) -> Result<String, String> {
    let number = config.twilio_number().map_err(|error| error.to_string())?;
    let numbers = client.list_numbers().await.map_err(|error| explain(&error))?;
    match numbers.iter().find(|owned| owned.phone_number == number) {
        Some(owned) if owned.voice => Ok(format!("the account may call from {number}")),
        Some(_) => Err(format!(
            "the account has {number}, but it cannot make voice calls; choose another TWILIO_NUMBER"
        )),
        None => Err(format!(
            "{number} is not among the account's {} numbers; buy or verify it, or set TWILIO_NUMBER to one of them",
            numbers.len()
        )),
    }
}

fn explain(error: &ReadError) -> String {
    format!("{error}; are TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_API_BASE right?")
}
