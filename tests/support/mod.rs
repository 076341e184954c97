//! A whole installation in one process, against a simulated carrier over real HTTP.

#![expect(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses a part; tests may panic"
)]

pub(crate) mod desk;
pub(crate) mod front;
pub(crate) mod invariants;
pub(crate) mod processes;
pub(crate) mod program;
pub(crate) mod redis_gate;
pub(crate) mod rows;
pub(crate) mod site;
pub(crate) mod sound;
pub(crate) mod wire;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;
use warmline::app::{App, Roles, Setup};
use warmline::config::Recordings;
use warmline::import::Limits;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::{NewLead, Stored};
use warmline_engine::{Engine, testing};
use warmline_simulator::{
    CallRecord, Config, Faults, FurtherAccount, Handle, Quirks, Script, Share, Simulator,
};
use warmline_twilio::{Dialect, client, softphone};
use warmline_workers::delivery;
use warmline_workers::queue::Load;
use warmline_workers::store::{Bucket, Place};
use warmline_workflows::agent::{Presence, Reach};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{Conduct, Queue};
use warmline_workflows::cost::Rates;
use warmline_workflows::lead::Priority;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{AgentId, CampaignId, TenantId, Timeline, cadence, campaign};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// An account at the same carrier that an organisation may have for itself.
pub(crate) const OWN_ACCOUNT: &str = "AC00000000000000000000000000000002";
pub(crate) const OWN_TOKEN: &str = "fedcba9876543210fedcba9876543210";
/// API keys of the two accounts: sid and secret. The installation uses none unless a test says so.
pub(crate) const KEY: (&str, &str) =
    ("SK00000000000000000000000000000001", "the secret of the installation's key");
pub(crate) const OWN_KEY: (&str, &str) = ("SK00000000000000000000000000000002", "the secret of an own key");
pub(crate) const CALLER_ID: &str = "+14155550100";

/// What an installation is started with.
pub(crate) struct Spec {
    /// Business seconds per real second. What depends on the pace of webhooks bears 10 to 40.
    pub(crate) factor: f64,
    /// When business time begins.
    pub(crate) start: Timestamp,
    pub(crate) agents: usize,
    pub(crate) scripts: HashMap<String, Script>,
    pub(crate) distribution: Vec<Share>,
    pub(crate) faults: Faults,
    pub(crate) quirks: Quirks,
    /// Decides what the carrier leaves to chance.
    pub(crate) seed: u64,
    pub(crate) conduct: Conduct,
    pub(crate) cadence: Cadence,
    pub(crate) max_concurrent_calls: u32,
    /// Legs per second of business time.
    pub(crate) calls_per_second: f64,
    pub(crate) carrier_timeout: Duration,
    pub(crate) quiet_window: Duration,
    /// The tests' own Redis if none is named.
    pub(crate) redis_url: Option<String>,
    /// Which carrier is simulated.
    pub(crate) dialect: warmline_simulator::Dialect,
    /// Whether the installation's account has an API key, and so softphones.
    pub(crate) softphones: bool,
    /// Where recordings are kept; a folder of its own if none is named.
    pub(crate) bucket: Option<Bucket>,
    /// Whether recordings are deleted at the carrier once they are stored.
    pub(crate) recordings_leave_carrier: bool,
    /// How much processes of their own log.
    pub(crate) log: &'static str,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            factor: 40.0,
            // A Monday morning in New York, ten o'clock.
            start: "2026-11-23T15:00:00Z".parse().unwrap(),
            agents: 2,
            scripts: HashMap::new(),
            distribution: warmline_simulator::demo_distribution(),
            faults: Faults::default(),
            quirks: Quirks::default(),
            seed: 1,
            conduct: Conduct { wrap_up_s: 5, ..Conduct::default() },
            cadence: Cadence::default(),
            max_concurrent_calls: 100,
            calls_per_second: 20.0,
            carrier_timeout: Duration::from_secs(2),
            quiet_window: Duration::from_secs(4),
            redis_url: None,
            dialect: warmline_simulator::Dialect::Twilio,
            softphones: false,
            bucket: None,
            recordings_leave_carrier: false,
            log: "info",
        }
    }
}

/// A running installation.
pub(crate) struct Rig {
    pub(crate) simulator: Handle,
    pub(crate) setup: Setup,
    pub(crate) app: App,
    pub(crate) engine: Engine,
    pub(crate) tenant: TenantId,
    /// What the first campaign was made from; others may be made like it.
    pub(crate) template: NewCampaign,
    pub(crate) campaign: CampaignId,
    pub(crate) agents: Vec<AgentId>,
    /// A look past the engine, for checkers.
    pub(crate) database: sqlx::PgPool,
}

impl Rig {
    pub(crate) async fn start(spec: Spec) -> Self {
        let prefix = format!("test-{:016x}", random());
        Self::with_roles(spec, prefix, |web| Roles {
            serve: Some(web),
            work: loads(),
            schedule: true,
            ..Roles::default()
        })
        .await
    }

    /// An installation in which nobody does anything: the roles are left to processes of their own.
    pub(crate) async fn idle(spec: Spec) -> Self {
        Self::with_roles(spec, "warmline".to_owned(), |_| Roles::default()).await
    }

    pub(crate) async fn with_roles(
        spec: Spec,
        redis_prefix: String,
        roles: impl FnOnce(TcpListener) -> Roles,
    ) -> Self {
        init_log();
        let database = testing::fresh_database().await.unwrap();
        let timeline =
            Timeline { real_start: Timestamp::now(), business_start: spec.start, factor: spec.factor };
        let mut scripts = spec.scripts;
        for n in 0..spec.agents {
            scripts.entry(agent_phone(n)).or_insert_with(|| script(r#"{"is":"agent"}"#));
        }
        let config = Config {
            dialect: spec.dialect,
            account_sid: ACCOUNT.to_owned(),
            auth_token: TOKEN.to_owned(),
            api_keys: vec![api_key(KEY)],
            numbers: vec![CALLER_ID.to_owned()],
            further_accounts: vec![FurtherAccount {
                account_sid: OWN_ACCOUNT.to_owned(),
                auth_token: OWN_TOKEN.to_owned(),
                api_keys: vec![api_key(OWN_KEY)],
                numbers: vec![CALLER_ID.to_owned()],
            }],
            timeline,
            cps: spec.calls_per_second.max(20.0),
            scripts,
            distribution: spec.distribution,
            faults: spec.faults,
            quirks: spec.quirks,
            seed: spec.seed,
            ..Config::default()
        };
        let simulator = Simulator::start(config, listener().await).unwrap();
        let web = listener().await;
        let public_base = format!("http://{}", web.local_addr().unwrap());
        let setup = Setup {
            database_url: SecretString::from(database.clone()),
            vault: testing::vault().unwrap(),
            database_connections: 10,
            redis_url: SecretString::from(spec.redis_url.unwrap_or_else(redis_url)),
            redis_prefix,
            timeline,
            carrier: carrier(&simulator, spec.carrier_timeout, (spec.dialect, spec.softphones)),
            calls_per_second: spec.calls_per_second,
            public_base: warmline_twilio::check_base(&public_base).unwrap(),
            auth_tokens: vec![SecretString::from(TOKEN)],
            api: Some(warmline::api::Settings::rehearsal(CALLER_ID)),
            quiet_window: spec.quiet_window,
            endpoint_rules: delivery::Rules { ports: vec![443], reach: delivery::Reach::Loopback },
            import_limits: Limits::default(),
            journal_days: None,
            recordings: Recordings {
                place: spec.bucket.map_or_else(|| Place::Folder(recordings_folder()), Place::Bucket),
                format: client::Format::Wav,
                leave_carrier: spec.recordings_leave_carrier,
            },
            rates: Rates::default(),
        };
        let app = Box::pin(App::start(setup.clone(), roles(web))).await.unwrap();
        let engine = app.engine.clone();
        let tenant = engine.add_tenant("Test", 100).await.unwrap();
        let group = engine.add_group(tenant, "Team").await.unwrap();
        let mut agents = Vec::new();
        for n in 0..spec.agents {
            let agent = NewAgent {
                name: format!("Agent {n}"),
                phone: agent_phone(n),
                reach: Reach::Phone,
                groups: vec![group],
                max_concurrent_calls: 1,
                working_hours: None,
            };
            let id = engine.add_agent(tenant, &agent).await.unwrap();
            engine.set_presence(tenant, id, Presence::Available, app.clock.now()).await.unwrap();
            agents.push(id);
        }
        let template = NewCampaign {
            name: "Campaign".to_owned(),
            group,
            caller_ids: vec![CALLER_ID.to_owned()],
            local_presence: false,
            default_country: "US".to_owned(),
            conduct: spec.conduct,
            window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
            cadence: spec.cadence,
            max_concurrent_calls: spec.max_concurrent_calls,
            script: String::new(),
        };
        let campaign = engine.add_campaign(tenant, &template).await.unwrap();
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(2).connect_lazy(&database).unwrap();
        Self { simulator, setup, app, engine, tenant, template, campaign, agents, database: pool }
    }

    /// Where recordings are kept.
    pub(crate) fn recordings_folder(&self) -> PathBuf {
        match &self.setup.recordings.place {
            Place::Folder(folder) => folder.clone(),
            Place::Bucket(_) => unreachable!("they are in a bucket"),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// A campaign of another organisation like the first, with an agent who takes its calls.
    pub(crate) async fn staff(&self, tenant: TenantId) -> CampaignId {
        let group = self.engine.add_group(tenant, "Team").await.unwrap();
        let agent = NewAgent {
            name: "Agent".to_owned(),
            phone: agent_phone(0),
            reach: Reach::Phone,
            groups: vec![group],
            max_concurrent_calls: 1,
            working_hours: None,
        };
        let agent = self.engine.add_agent(tenant, &agent).await.unwrap();
        self.engine.set_presence(tenant, agent, Presence::Available, self.now()).await.unwrap();
        let campaign = NewCampaign { group, ..self.template.clone() };
        self.engine.add_campaign(tenant, &campaign).await.unwrap()
    }

    /// Another campaign, like the first but for its conduct.
    pub(crate) async fn add_campaign(&self, conduct: Conduct) -> CampaignId {
        let campaign = NewCampaign { conduct, ..self.template.clone() };
        self.engine.add_campaign(self.tenant, &campaign).await.unwrap()
    }

    pub(crate) async fn store(&self, campaign: CampaignId, leads: &[NewLead]) -> Vec<Stored> {
        self.engine.store_leads(self.tenant, campaign, leads, self.now()).await.unwrap()
    }

    /// Stores a lead for each number, and starts the first campaign.
    pub(crate) async fn call(&self, phones: &[&str]) {
        let leads: Vec<NewLead> = phones.iter().map(|phone| lead(phone)).collect();
        for stored in self.store(self.campaign, &leads).await {
            assert!(matches!(stored, Stored::Queued(_)), "{stored:?}");
        }
        self.move_to(self.campaign, campaign::Status::Active).await;
    }

    pub(crate) async fn move_to(&self, campaign: CampaignId, status: campaign::Status) {
        self.engine.set_campaign_status(self.tenant, campaign, status, self.now()).await.unwrap();
    }

    pub(crate) async fn set_presence(&self, agent: AgentId, presence: Presence) {
        self.engine.set_presence(self.tenant, agent, presence, self.now()).await.unwrap();
    }

    pub(crate) async fn do_not_call(&self, phone: &str) {
        self.engine.add_do_not_call(self.tenant, phone, "asked for it", self.now()).await.unwrap();
    }

    /// Waits until no active campaign has anybody left to call.
    pub(crate) async fn finished(&self) {
        until("every campaign is finished", Duration::from_secs(60), async || {
            self.engine.active_campaigns().await.unwrap().is_empty()
        })
        .await;
    }

    /// Waits until business time has passed an instant.
    pub(crate) async fn passed(&self, at: Timestamp) {
        until("that business time comes", Duration::from_secs(30), async || self.now() > at).await;
    }

    /// The carrier's records of all calls, of every account, in order.
    pub(crate) fn legs(&self) -> Vec<CallRecord> {
        let own = self.simulator.ledger_of(OWN_ACCOUNT).unwrap();
        let mut legs: Vec<_> =
            [self.simulator.ledger(), own].into_iter().flat_map(warmline_simulator::Ledger::calls).collect();
        legs.sort_by_key(|leg| leg.created.at);
        legs
    }

    /// The carrier's records of the calls to a number, in order.
    pub(crate) fn records(&self, phone: &str) -> Vec<CallRecord> {
        self.simulator.ledger().calls().into_iter().filter(|call| call.order.to == phone).collect()
    }

    /// The carrier's record of the only call to a number.
    #[track_caller]
    pub(crate) fn record(&self, phone: &str) -> CallRecord {
        let mut records = self.records(phone);
        assert_eq!(records.len(), 1, "calls to {phone}");
        records.remove(0)
    }

    /// Waits until something holds of the latest of the carrier's calls to a number.
    pub(crate) async fn until_record(&self, phone: &str, what: &str, holds: impl Fn(&CallRecord) -> bool) {
        until(&format!("{phone}: {what}"), Duration::from_secs(20), async || {
            self.records(phone).last().is_some_and(&holds)
        })
        .await;
    }

    /// The dispositions of every lead's calls in the first campaign, by the lead's number.
    pub(crate) async fn outcomes(&self) -> HashMap<String, Vec<String>> {
        let lines = self.engine.lead_lines(self.tenant, self.campaign).await.unwrap();
        lines.into_iter().map(|line| (line.phone, line.dispositions)).collect()
    }

    /// Ends everything, and gives the database back to a server that outlives the run.
    pub(crate) async fn close(self) {
        self.app.stop().await;
        self.simulator.stop().await;
        self.database.close().await;
        self.engine.database().close().await;
        testing::drop_database(self.setup.database_url.expose_secret()).await.unwrap();
    }

    /// Waits until nothing is under way any more, and checks what must hold then.
    pub(crate) async fn rest(&self) {
        invariants::quiesced(self).await;
        let violations = invariants::violations(self).await;
        assert!(violations.is_empty(), "{violations:#?}");
    }
}

/// Polls until a condition holds, or fails with its name.
pub(crate) async fn until(what: &str, within: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + within;
    while !holds().await {
        assert!(tokio::time::Instant::now() < deadline, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A lead in New York, if the number is one of New York.
pub(crate) fn lead(phone: &str) -> NewLead {
    let parsed = warmline_workflows::phone::parse(phone, "US").unwrap();
    NewLead {
        first_name: "Dana".to_owned(),
        last_name: phone[phone.len() - 4..].to_owned(),
        email: None,
        phone_original: phone.to_owned(),
        phone: parsed.e164.clone(),
        country: Some(parsed.country.clone()),
        time_zones: warmline_workflows::zones::of(&parsed).into_iter().map(str::to_owned).collect(),
        kind: None,
        notes: None,
        priority: Priority::Normal,
        do_not_call: false,
        custom: serde_json::Map::new(),
    }
}

/// The n-th of ninety fictional numbers in New York.
pub(crate) fn phone(n: usize) -> String {
    assert!(n < 90, "the others are the agents'");
    format!("+121255501{n:02}")
}

pub(crate) fn agent_phone(n: usize) -> String {
    format!("+1212555019{n}")
}

/// Who does what when called, as JSON.
pub(crate) fn scripts<'a>(lines: impl IntoIterator<Item = (&'a str, &'a str)>) -> HashMap<String, Script> {
    lines.into_iter().map(|(phone, json)| (phone.to_owned(), script(json))).collect()
}

fn script(json: &str) -> Script {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// The installation's account at the simulated carrier.
fn carrier(
    simulator: &Handle,
    total_timeout: Duration,
    (dialect, has_softphones): (warmline_simulator::Dialect, bool),
) -> client::Config {
    let (sid, secret) = KEY;
    let account = client::Config {
        api_base: simulator.base_url(),
        total_timeout,
        connect_timeout: Duration::from_secs(1),
        ..client::Config::twilio(ACCOUNT, SecretString::from(TOKEN))
    };
    let dialect = match dialect {
        warmline_simulator::Dialect::Twilio => Dialect::TWILIO,
        warmline_simulator::Dialect::SignalWire => Dialect::SIGNALWIRE,
    };
    if dialect.has_one_secret() && !has_softphones {
        return account;
    }
    client::Config {
        dialect,
        username: sid.to_owned(),
        password: SecretString::from(secret),
        softphone: Some(softphone::Key {
            sid: sid.to_owned(),
            secret: SecretString::from(secret),
            application_sid: None,
        }),
        ..account
    }
}

fn api_key((sid, secret): (&str, &str)) -> warmline_simulator::ApiKey {
    warmline_simulator::ApiKey { sid: sid.to_owned(), secret: secret.to_owned() }
}

/// A cadence of so many attempts, so many minutes apart, after the usual dispositions.
pub(crate) fn cadence(max_attempts: u16, retry_delay_min: u32) -> Cadence {
    Cadence::new(cadence::Terms { max_attempts, retry_delay_min, ..cadence::Terms::default() }).unwrap()
}

/// Seconds from one instant to another.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

/// A folder of its own for every installation; it goes with the build.
fn recordings_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("recordings").join(format!("{:016x}", random()))
}

pub(crate) fn redis_url() -> String {
    std::env::var("WARMLINE_TEST_REDIS_URL").unwrap_or_else(|_| {
        panic!("WARMLINE_TEST_REDIS_URL is not set: run the tests with `cargo xtask test`")
    })
}

pub(crate) fn loads() -> Vec<Load> {
    Queue::ALL.iter().map(|queue| Load { queue: *queue, jobs: 16 }).collect()
}

pub(crate) async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

pub(crate) fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

fn init_log() {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    let _already = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
}
