//! `warmline dev`: every role in one process, on private servers, against a simulated carrier.

mod cast;
mod console;
mod demo;
mod home;
mod screen;
mod summary;
mod visitor;

use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use warmline_embedded::{Postgres, Profile, Redis};
use warmline_engine::{Database, Vault};
use warmline_simulator::{Config, Handle, Simulator};
use warmline_twilio::client;
use warmline_workers::delivery;
use warmline_workers::queue::Load;
use warmline_workflows::call::Queue;
use warmline_workflows::cost::Rates;

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
    let console =
        if options.once || options.no_console { console::Build::none() } else { console::Build::begin() };
    // Before the runtime: the servers must be children of a thread that lives as long as we do.
    let postgres = Postgres::start(home.embedded(), Profile::Durable, &mut |line| say(line))?;
    let redis = Redis::start(home.embedded(), &mut |line| say(line))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let outcome = with_servers(options, &mut home, &postgres, &redis, console).await;
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
    console: console::Build,
) -> anyhow::Result<()> {
    prepare_database(options, home, postgres).await?;
    let servers = Servers { postgres, redis };
    let factor = options.factor.unwrap_or(if options.demo { DEMO_FACTOR } else { 1.0 });
    let mut floor = Floor::open(options, home, servers, factor).await?;
    say(&format!("Look into the database: {}", postgres.psql_hint(DATABASE)));
    if options.demo {
        let shown = tokio::select! {
            shown = demo::run(&floor.app, options) => Some(shown?),
            interrupted = signal() => {
                interrupted?;
                say("\nInterrupted. Run the same command again: the campaign goes on where it is now.");
                None
            }
        };
        if let Some(tenant) = shown
            && !options.once
        {
            floor.close().await;
            // A visitor answers by hand.
            floor = Floor::open(options, home, servers, options.factor.unwrap_or(1.0)).await?;
            let path = visitor::invite(&floor.app, tenant).await?;
            tokio::task::spawn_blocking(|| console.wait()).await?;
            say("");
            say(
                "Now it is your turn: time runs as it does, and leads of your own wait until you are available.",
            );
            say(&format!("  1. Choose a password (the link works once): {}{path}", floor.base));
            say(&format!("  2. Log in as {} at {}", visitor::EMAIL, floor.base));
            say("  3. Open Desk, be Available, and take a call.");
            say("The system stays up; press Ctrl-C to end it.");
            signal().await?;
        }
    } else {
        tokio::task::spawn_blocking(|| console.wait()).await?;
        say(&format!("Ready: the console is at {}. Press Ctrl-C to end.", floor.base));
        signal().await?;
    }
    floor.close().await;
    Ok(())
}

/// The private servers.
#[derive(Clone, Copy)]
struct Servers<'a> {
    postgres: &'a Postgres,
    redis: &'a Redis,
}

/// An installation that is up: the program and its carrier, on one clock.
struct Floor {
    app: App,
    simulator: Handle,
    keeping: JoinHandle<()>,
    /// Where it is served.
    base: String,
}

impl Floor {
    async fn open(options: &Dev, home: &DevHome, servers: Servers<'_>, factor: f64) -> anyhow::Result<Self> {
        let timeline = home.timeline(factor)?;
        let web = listen(options.port).await?;
        let base = format!("http://{}", web.local_addr()?);
        let simulator = carrier(home, timeline).await?;
        let setup = Setup {
            database_url: SecretString::from(servers.postgres.url(DATABASE)),
            // A private database on one's own machine, to look into.
            vault: Vault::plain(Vec::new(), None),
            database_connections: 16,
            redis_url: SecretString::from(servers.redis.url()),
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
            public_base: warmline_twilio::check_base(&base)?,
            auth_tokens: vec![SecretString::from(Config::default().auth_token)],
            api: Some(api_settings()),
            quiet_window: Duration::from_secs(60),
            endpoint_rules: delivery::Rules { ports: vec![443], reach: delivery::Reach::Loopback },
            import_limits: Limits::default(),
            journal_days: None,
            recordings: home.recordings(),
            rates: Rates::default(),
        };
        let roles = Roles { serve: Some(web), work: loads(), schedule: true, ..Roles::default() };
        let app = App::start(setup, roles).await?;
        say(&format!("Served at {base}, simulated carrier at {}.", simulator.origin()));
        let keeping = home.keep_time(app.clock);
        Ok(Self { app, simulator, keeping, base })
    }

    async fn close(self) {
        self.keeping.abort();
        self.app.stop().await;
        self.simulator.stop().await;
    }
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
