//! `warmline dev`: every role in one process, on private servers, against a simulated carrier.

mod cast;
mod demo;
mod home;
mod screen;
mod summary;

use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;
use tokio::net::TcpListener;
use warmline_embedded::{Postgres, Profile, Redis};
use warmline_engine::{Database, Vault};
use warmline_simulator::{Config, Handle, Simulator};
use warmline_twilio::client;
use warmline_workers::delivery;
use warmline_workers::queue::Load;
use warmline_workflows::call::Queue;

use crate::api;
use crate::app::{App, Roles, Setup, signal};
use crate::cli::Dev;
use crate::import::Limits;
use home::DevHome;
use screen::say;

/// A campaign is watched in minutes.
const DEMO_FACTOR: f64 = 60.0;
/// Shown first, so that nobody takes it for real.
const BANNER: &str = "SIMULATED CARRIER: nobody is phoned, nothing costs money.";

/// Runs until interrupted, or until the demo is through.
///
/// # Errors
/// When a server cannot be had or started; the message says what to do.
pub fn run(options: &Dev) -> anyhow::Result<()> {
    say(BANNER);
    let mut home = DevHome::open(if options.demo { "demo" } else { "dev" });
    // Before the runtime: the servers must be children of a thread that lives as long as we do.
    let postgres = Postgres::start(home.embedded(), Profile::Durable, &mut |line| say(line))?;
    let redis = Redis::start(home.embedded(), &mut |line| say(line))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let outcome = with_servers(options, &mut home, &postgres, &redis).await;
        if let Err(error) = &outcome {
            tracing::debug!(error = ?error, "ended");
        }
        outcome
    })
}

async fn with_servers(
    options: &Dev,
    home: &mut DevHome,
    postgres: &Postgres,
    redis: &Redis,
) -> anyhow::Result<()> {
    prepare_database(options, home, postgres).await?;
    let factor = options.factor.unwrap_or(if options.demo { DEMO_FACTOR } else { 1.0 });
    let timeline = home.timeline(factor)?;
    let web = listen(options.port).await?;
    let public_base = format!("http://{}", web.local_addr()?);
    let simulator = carrier(home, timeline).await?;
    let setup = Setup {
        database_url: SecretString::from(postgres.url(DATABASE)),
        // A private database on one's own machine, to look into.
        vault: Vault::plain(Vec::new(), None),
        database_connections: 16,
        redis_url: SecretString::from(redis.url()),
        redis_prefix: "warmline".to_owned(),
        timeline,
        carrier: client::Config {
            api_base: simulator.base_url(),
            ..client::Config::twilio(
                &Config::default().account_sid,
                SecretString::from(Config::default().auth_token),
            )
        },
        calls_per_second: 1.0,
        public_base: warmline_twilio::check_base(&public_base)?,
        auth_tokens: vec![SecretString::from(Config::default().auth_token)],
        api: Some(api_settings()),
        quiet_window: Duration::from_secs(60),
        endpoint_rules: delivery::Rules { ports: vec![443], reach: delivery::Reach::Loopback },
        import_limits: Limits::default(),
    };
    let app =
        App::start(setup, Roles { serve: Some(web), work: loads(), schedule: true, ..Roles::default() })
            .await?;
    say(&format!("Webhooks at {public_base}, simulated carrier at {}.", simulator.origin()));
    say(&format!("Look into the database: {}", postgres.psql_hint(DATABASE)));
    let keeping = home.keep_time(app.clock);
    if options.demo {
        tokio::select! {
            shown = demo::run(&app, options) => {
                shown?;
                if !options.once {
                    say("The system stays up; press Ctrl-C to end it.");
                    signal().await?;
                }
            }
            interrupted = signal() => {
                interrupted?;
                say("\nInterrupted. Run the same command again: the campaign goes on where it is now.");
            }
        }
    } else {
        say("Ready. Press Ctrl-C to end.");
        signal().await?;
    }
    keeping.abort();
    app.stop().await;
    simulator.stop().await;
    Ok(())
}

/// Logins end with the process: its key is made anew each time.
fn api_settings() -> api::Settings {
    api::Settings::rehearsal(demo::CALLER_ID)
}

/// The name of the database on the private server.
const DATABASE: &str = "warmline";

async fn prepare_database(options: &Dev, home: &mut DevHome, postgres: &Postgres) -> anyhow::Result<()> {
    let exists = connect(postgres).await.is_ok();
    let begin_anew =
        options.fresh || !exists || (options.demo && demo::is_through(&connect(postgres).await?).await?);
    if begin_anew {
        home.forget()?;
        postgres.execute("postgres", &format!("drop database if exists {DATABASE} with (force)"))?;
        postgres.execute("postgres", &format!("create database {DATABASE}"))?;
    } else {
        say("An earlier run was interrupted; it goes on from there. (--fresh begins anew.)");
    }
    let database = connect(postgres).await?;
    database.migrate().await?;
    database.close().await;
    Ok(())
}

async fn connect(postgres: &Postgres) -> anyhow::Result<Database> {
    Ok(Database::connect(&postgres.url(DATABASE), 2).await?)
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
        return Ok(listener);
    }
    say(&format!("Port {port} is taken; using another."));
    TcpListener::bind(("127.0.0.1", 0)).await.context("no free port on 127.0.0.1")
}

async fn carrier(home: &DevHome, timeline: warmline_workflows::Timeline) -> anyhow::Result<Handle> {
    let config = Config {
        numbers: vec![demo::CALLER_ID.to_owned()],
        timeline,
        scripts: cast::scripts(),
        ledger_path: Some(home.ledger()),
        ..Config::default()
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no free port on 127.0.0.1")?;
    Ok(Simulator::start(config, listener)?)
}

fn loads() -> Vec<Load> {
    Queue::ALL.iter().map(|queue| Load { queue: *queue, jobs: 16 }).collect()
}
