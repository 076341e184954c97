//! The composition root: one process, doing one role or several.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;
use warmline_engine::{Database, Engine, Options, Vault};
use warmline_twilio::client;
use warmline_workers::delivery::{self, Courier};
use warmline_workers::lines::Lines;
use warmline_workers::queue::{self, Handler, Load, Queues, Work};
use warmline_workers::store::Store;
use warmline_workers::{Clock, Context, Settings, duties, effects, relay};
use warmline_workflows::Timeline;
use warmline_workflows::cost::Rates;

use crate::api::token::Keys;
use crate::api::{self, Settings as ApiSettings};
use crate::config::Recordings;
use crate::import::{Importer, Limits};
use crate::operations::Operations;
use crate::webhooks::{Signer, Signers, Webhooks};
use crate::{http, metrics};

/// What every process of an installation shares.
#[derive(Clone)]
pub struct Setup {
    /// The database, as a URL.
    pub database_url: SecretString,
    /// The keys to the personal data in it.
    pub vault: Vault,
    /// Connections to it besides those of the committers.
    pub database_connections: u32,
    /// Redis, as a URL.
    pub redis_url: SecretString,
    /// What every key in Redis begins with; installations that share a Redis need different ones.
    pub redis_prefix: String,
    /// How business time runs.
    pub timeline: Timeline,
    /// The carrier account.
    pub carrier: client::Config,
    /// Legs placed per second of carrier time, over all processes.
    pub calls_per_second: f64,
    /// Where the carrier reaches us.
    pub public_base: Url,
    /// The keys that webhooks may be signed with.
    pub auth_tokens: Vec<SecretString>,
    /// How the API is set up; none where none is served.
    pub api: Option<ApiSettings>,
    /// Machine time after which a placement without evidence is taken as never made.
    pub quiet_window: Duration,
    /// Where endpoints may be.
    pub endpoint_rules: delivery::Rules,
    /// The most that is taken of a file of leads.
    pub import_limits: Limits,
    /// Days that journals are kept; none: for ever.
    pub journal_days: Option<u32>,
    /// What becomes of recordings.
    pub recordings: Recordings,
    /// What the carrier asks.
    pub rates: Rates,
}

/// What this process does.
#[derive(Default)]
pub struct Roles {
    /// Answers supervisors on this listener: health and metrics.
    pub operations: Option<TcpListener>,
    /// Takes the carrier's webhooks, and requests to the API, on this listener.
    pub serve: Option<TcpListener>,
    /// Performs commands.
    pub work: Vec<Load>,
    /// Leads in duties, when nobody else does.
    pub schedule: bool,
}

/// How often Redis is tried when it is not there at the start.
const REDIS_RETRY: Duration = Duration::from_secs(1);
/// What is under way at the end may take this long: longer than a request to the carrier.
const DRAIN: Duration = Duration::from_secs(25);

/// A running process.
pub struct App {
    /// The stored state.
    pub engine: Engine,
    /// Business time.
    pub clock: Clock,
    operations: Operations,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl App {
    /// Starts the roles of this process.
    ///
    /// # Errors
    /// When the database is out of reach, not migrated, or has a gap in the walls between organisations, or the carrier's settings cannot be right.
    pub async fn start(setup: Setup, roles: Roles) -> anyhow::Result<Self> {
        use secrecy::ExposeSecret as _;
        let database = Database::connect(setup.database_url.expose_secret(), setup.database_connections)
            .await
            .context("cannot connect to Postgres; is DATABASE_URL right, and the server running?")?
            .with_vault(setup.vault.clone());
        anyhow::ensure!(
            database.is_migrated().await?,
            "the database lacks the tables of this version: run `warmline migrate` first"
        );
        database.walls().await?;
        let (engine, commands) =
            Engine::start(database, Options { rates: setup.rates, ..Options::default() });
        let clock = Clock::new(setup.timeline);
        metrics::start();
        let operations = Operations::new(engine.database().clone());
        let app = Self {
            engine,
            clock,
            operations: operations.clone(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let carrier = client::Client::new(setup.carrier.clone())?;
        let store = Store::open(&setup.recordings.place)?;
        if let Some(listener) = roles.operations {
            let router = operations.clone().router();
            // Asked until the very end: it says that the process is ending.
            tokio::spawn(http::serve(listener, router, CancellationToken::new()));
        }
        if let Some(listener) = roles.serve {
            let webhooks = Webhooks {
                engine: app.engine.clone(),
                clock,
                public_base: setup.public_base.clone(),
                signers: Signers::new(
                    app.engine.clone(),
                    &setup.carrier.account_sid,
                    Signer {
                        tokens: setup.auth_tokens.clone().into(),
                        signature: setup.carrier.dialect.signature,
                    },
                ),
                keys: setup.api.as_ref().map_or_else(|| Keys::new(&[]), |settings| settings.keys.clone()),
                store: store.clone(),
            };
            let api = setup.api.clone().map(|settings| {
                api::router(app.engine.clone(), clock, (carrier.clone(), store.clone()), settings)
            });
            let router = http::router(webhooks, api.unwrap_or_default(), operations.clone());
            app.tasks.spawn(http::serve(listener, router, app.stop.clone()));
        }
        let courier = Courier::new(setup.endpoint_rules.clone(), delivery::system_lookup())?;
        let settings = Settings {
            public_base: setup.public_base.clone(),
            quiet_window: setup.quiet_window,
            placement_timeout: setup.carrier.total_timeout,
            recording_format: setup.recordings.format,
            recordings_leave_carrier: setup.recordings.leave_carrier,
            journal_days: setup.journal_days,
        };
        let (engine, stop, tasks) = (app.engine.clone(), app.stop.clone(), app.tasks.clone());
        app.tasks.spawn(async move {
            // Webhooks are taken without Redis; everything else waits for it.
            let Some(queues) = connect(&setup, &stop).await else { return };
            operations.connected(queues.clone());
            let pace = (setup.calls_per_second, setup.timeline.factor);
            let lines = Lines::new(engine.clone(), queues.clone(), carrier, pace);
            let context = Context { engine, lines, courier, store, clock, settings };
            tasks.spawn(relay_until(queues.clone(), commands, stop.clone()));
            if !roles.work.is_empty() {
                tasks.spawn(queue::keep_clean(queues.clone(), stop.clone()));
                let importer = Importer {
                    engine: context.engine.clone(),
                    limits: setup.import_limits,
                    stop: stop.clone(),
                };
                tasks.spawn(queue::run(
                    handler(context.clone(), importer),
                    queues.clone(),
                    roles.work,
                    stop.clone(),
                ));
            }
            if roles.schedule {
                tasks.spawn(duties::run(context, queues, stop));
            }
        });
        Ok(app)
    }

    /// Takes on nothing new, finishes what is under way, and ends.
    pub async fn stop(self) {
        self.operations.stopping();
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(DRAIN, self.tasks.wait()).await.is_err() {
            tracing::warn!("ending with work under way; it is taken up again by its lease");
        }
    }

    /// Runs what is being started until the process is told to end, then ends it in good order. It is listened
    /// for from the beginning: a process that has just taken something on finishes it, too.
    ///
    /// # Errors
    /// When it does not start, or signals cannot be listened for.
    pub async fn run(starting: impl Future<Output = anyhow::Result<Self>>) -> anyhow::Result<()> {
        let mut termination = Termination::listen()?;
        let app = tokio::select! {
            // Whoever has started is stopped in good order, even when both are true.
            biased;
            started = starting => started?,
            () = termination.requested() => return Ok(()),
        };
        termination.requested().await;
        tracing::info!("stopping: finishing what is under way");
        app.stop().await;
        Ok(())
    }
}

async fn connect(setup: &Setup, stop: &CancellationToken) -> Option<Queues> {
    use secrecy::ExposeSecret as _;
    loop {
        match Queues::connect(setup.redis_url.expose_secret(), &setup.redis_prefix).await {
            Ok(queues) => return Some(queues),
            Err(error) => tracing::warn!(error = %error, "waiting for Redis"),
        }
        tokio::select! {
            () = tokio::time::sleep(REDIS_RETRY) => {}
            () = stop.cancelled() => return None,
        }
    }
}

async fn relay_until(
    queues: Queues,
    commands: tokio::sync::mpsc::UnboundedReceiver<Vec<warmline_engine::Ready>>,
    stop: CancellationToken,
) {
    tokio::select! {
        () = relay::run(queues, commands) => {}
        () = stop.cancelled() => {}
    }
}

/// Performs what jobs name: imports here, where the importer is, and everything else in the workers' crate.
fn handler(context: Context, importer: Importer) -> Handler {
    let clock = context.clock;
    let others = effects::handler(context);
    Arc::new(move |job| {
        let Work::Import { id } = job.work else { return others(job) };
        let importer = importer.clone();
        Box::pin(async move {
            if let Err(error) = importer.perform(job.tenant, id, || clock.now()).await {
                // The sweep will bring it back.
                tracing::warn!(import.id = %id, error = %error, "an import was left undone");
            }
        })
    })
}

/// Waits for the request to end.
///
/// # Errors
/// When signals cannot be listened for.
pub async fn signal() -> anyhow::Result<()> {
    Termination::listen()?.requested().await;
    Ok(())
}

/// The request to end: an interrupt from the keyboard, or a supervisor's termination.
struct Termination {
    interrupt: Signal,
    terminate: Signal,
}

impl Termination {
    /// Hears of it from now on.
    fn listen() -> anyhow::Result<Self> {
        let listen = tokio::signal::unix::signal;
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn requested(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
