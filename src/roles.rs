//! From the configuration to a running role.

use std::net::Ipv4Addr;

use anyhow::Context as _;
use tokio::net::TcpListener;
use warmline_engine::{Database, Engine, Options, Vault};
use warmline_workers::queue::Load;

use crate::api;
use crate::api::rate::Rate;
use crate::api::token::Keys;
use crate::app::{App, Roles, Setup};
use crate::config::Config;

/// Takes webhooks until told to end.
///
/// # Errors
/// When the configuration is not complete, the port is taken, or the database is not ready.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, config.port)).await.with_context(|| {
        format!("cannot listen on port {}; is another process there? Set PORT", config.port)
    })?;
    let setup = Setup { api: Some(api(config)?), ..setup(config)? };
    tracing::info!(http.address = %listener.local_addr()?, public_base = %setup.public_base, "taking webhooks");
    let roles = Roles { serve: Some(listener), operations: operations(config).await?, ..Roles::default() };
    run(setup, roles).await
}

/// Performs commands until told to end.
///
/// # Errors
/// When the configuration is not complete or the database is not ready.
pub async fn work(config: &Config, queues: Vec<Load>) -> anyhow::Result<()> {
    let work = if queues.is_empty() { config.queues.clone() } else { queues };
    for load in &work {
        tracing::info!(queue = %load.queue, jobs = load.jobs, "performing commands");
    }
    let roles = Roles { work, operations: operations(config).await?, ..Roles::default() };
    run(setup(config)?, roles).await
}

/// Leads in duties, or stands by, until told to end.
///
/// # Errors
/// When the configuration is not complete or the database is not ready.
pub async fn schedule(config: &Config) -> anyhow::Result<()> {
    tracing::info!("scheduling");
    let roles = Roles { schedule: true, operations: operations(config).await?, ..Roles::default() };
    run(setup(config)?, roles).await
}

async fn run(setup: Setup, roles: Roles) -> anyhow::Result<()> {
    // A large future: it holds all that a process does.
    Box::pin(App::run(App::start(setup, roles))).await
}

/// Brings the database up to this version.
///
/// # Errors
/// When the database is out of reach, or a migration fails; then it is as it was.
pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    database(config, Vault::locked()).await?.migrate().await?;
    tracing::info!("the database is up to date");
    Ok(())
}

/// Seals personal data with new keys.
///
/// # Errors
/// When the database is not ready, or a value cannot be opened with the keys that are set; run it again then.
pub async fn rotate_keys(config: &Config) -> anyhow::Result<()> {
    let database = database(config, config.vault()?).await?;
    anyhow::ensure!(
        database.is_migrated().await?,
        "the database is not of this version: run `warmline migrate` first"
    );
    let (engine, _) = Engine::start(database, Options::default());
    tracing::info!("giving every process time to learn of the new keys");
    let rotated = engine.rotate_keys().await?;
    tracing::info!(
        tenants = rotated.tenants,
        values = rotated.values,
        "personal data is sealed with new keys"
    );
    Ok(())
}

/// A connection to the configured database, with the keys that are needed there.
pub(crate) async fn database(config: &Config, vault: Vault) -> anyhow::Result<Database> {
    use secrecy::ExposeSecret as _;
    Database::connect(config.database_url()?.expose_secret(), 2)
        .await
        .map(|database| database.with_vault(vault))
        .context("cannot connect to Postgres; is DATABASE_URL right, and the server running?")
}

/// Where supervisors are answered.
async fn operations(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = config.operations_address else { return Ok(None) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; is another process there? Set WARMLINE_OPERATIONS_ADDRESS")
    })?;
    Ok(Some(listener))
}

/// How the API is set up.
fn api(config: &Config) -> anyhow::Result<api::Settings> {
    let jwt = config.jwt()?;
    let per_second = f64::from(config.api_rate);
    Ok(api::Settings {
        import_limits: config.import_limits,
        keys: Keys::new(&jwt.secrets),
        login_lasts: jwt.expires_in,
        registration: config.registration,
        // Nobody but a simulator is asked without encryption.
        simulated: config.twilio()?.api_base.starts_with("http://"),
        rate: Rate { per_second, burst: 4.0 * per_second },
        cors_origins: config.cors_origins.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        endpoint_rules: config.endpoint_rules(),
        defaults: api::Defaults {
            conduct: config.conduct_defaults(),
            cadence: config.cadence_defaults(),
            max_concurrent_calls: config.max_concurrent_calls,
            daily_spend_cap_micros: config.daily_spend_cap_micros,
            caller_id: config.twilio_number().ok().map(str::to_owned),
        },
    })
}

fn setup(config: &Config) -> anyhow::Result<Setup> {
    let twilio = config.twilio()?;
    Ok(Setup {
        database_url: config.database_url()?.clone(),
        vault: config.vault()?,
        database_connections: config.database_connections,
        redis_url: config.redis_url()?.clone(),
        redis_prefix: "warmline".to_owned(),
        timeline: config.timeline,
        carrier: twilio.client(),
        calls_per_second: twilio.calls_per_second,
        public_base: config.public_base()?.clone(),
        auth_tokens: twilio.auth_tokens(),
        api: None,
        quiet_window: config.quiet_window,
        endpoint_rules: config.endpoint_rules(),
        import_limits: config.import_limits,
        journal_days: config.journal_days,
        recordings: config.recordings.clone(),
        rates: config.rates,
    })
}
