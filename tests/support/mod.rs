//! A whole installation in one process, against a simulated carrier over real HTTP.

#![expect(dead_code, clippy::unwrap_used, clippy::panic, reason = "each test file uses a part; tests may panic")]

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::net::TcpListener;
use warmline::app::{App, Roles, Setup};
use warmline_engine::Engine;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::{NewLead, Stored};
use warmline_simulator::{Config, Handle, Script, Simulator};
use warmline_twilio::client;
use warmline_workers::queue::Load;
use warmline_workflows::agent::Presence;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{Conduct, Queue};
use warmline_workflows::lead::Priority;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{AgentId, CampaignId, TenantId, Timeline, campaign};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const CALLER_ID: &str = "+14155550100";

/// What an installation is started with.
pub(crate) struct Spec {
    pub(crate) factor: f64,
    pub(crate) agents: usize,
    pub(crate) scripts: HashMap<String, Script>,
    pub(crate) conduct: Conduct,
    pub(crate) cadence: Cadence,
    pub(crate) quiet_window: Duration,
    pub(crate) start: Timestamp,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            factor: 40.0,
            agents: 2,
            scripts: HashMap::new(),
            conduct: Conduct { wrap_up_s: 5, ..Conduct::default() },
            cadence: Cadence::default(),
            quiet_window: Duration::from_secs(4),
            // A Monday morning in New York.
            start: "2026-11-23T15:00:00Z".parse().unwrap(),
        }
    }
}

/// A running installation.
pub(crate) struct Rig {
    pub(crate) simulator: Handle,
    pub(crate) setup: Setup,
    pub(crate) app: Option<App>,
    pub(crate) engine: Engine,
    pub(crate) tenant: TenantId,
    pub(crate) campaign: CampaignId,
    pub(crate) agents: Vec<AgentId>,
}

pub(crate) fn loads() -> Vec<Load> {
    Queue::ALL.iter().map(|queue| Load { queue: *queue, jobs: 16 }).collect()
}

pub(crate) async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

pub(crate) fn agent_phone(n: usize) -> String {
    format!("+1212555019{n}")
}

impl Rig {
    pub(crate) async fn start(spec: Spec) -> Self {
        init_log();
        let redis = std::env::var("WARMLINE_TEST_REDIS_URL").expect("run the tests with `cargo xtask test`");
        let database = warmline_engine::testing::fresh_database().await.unwrap();
        let timeline =
            Timeline { real_start: Timestamp::now(), business_start: spec.start, factor: spec.factor };
        let mut scripts = spec.scripts;
        for n in 0..spec.agents {
            scripts
                .entry(agent_phone(n))
                .or_insert_with(|| serde_json::from_str(r#"{"is":"agent"}"#).unwrap());
        }
        let config = Config {
            account_sid: ACCOUNT.to_owned(),
            auth_token: TOKEN.to_owned(),
            numbers: vec![CALLER_ID.to_owned()],
            timeline,
            cps: 20.0,
            scripts,
            ..Config::default()
        };
        let simulator = Simulator::start(config, listener().await).unwrap();
        let web = listener().await;
        let public_base = format!("http://{}", web.local_addr().unwrap());
        let setup = Setup {
            database_url: SecretString::from(database.clone()),
            database_connections: 16,
            redis_url: SecretString::from(redis),
            redis_prefix: format!("test-{:08x}", rand_u32()),
            timeline,
            carrier: client::Config {
                api_base: simulator.base_url(),
                total_timeout: Duration::from_secs(2),
                connect_timeout: Duration::from_secs(1),
                ..client::Config::twilio(ACCOUNT, SecretString::from(TOKEN))
            },
            calls_per_second: 20.0,
            public_base: warmline_twilio::check_base(&public_base).unwrap(),
            auth_tokens: vec![SecretString::from(TOKEN)],
            quiet_window: spec.quiet_window,
        };
        let roles = Roles { serve: Some(web), work: loads(), schedule: true };
        let app = App::start(setup.clone(), roles).await.unwrap();
        let engine = app.engine.clone();
        let tenant = engine.add_tenant("Test", 100).await.unwrap();
        let group = engine.add_group(tenant, "Team").await.unwrap();
        let mut agents = Vec::new();
        for n in 0..spec.agents {
            let agent = NewAgent {
                name: format!("Agent {n}"),
                phone: agent_phone(n),
                groups: vec![group],
                max_concurrent_calls: 1,
                working_hours: None,
            };
            let id = engine.add_agent(tenant, &agent).await.unwrap();
            engine.set_presence(tenant, id, Presence::Available, app.clock.now()).await.unwrap();
            agents.push(id);
        }
        let campaign = NewCampaign {
            name: "Campaign".to_owned(),
            group,
            caller_id: CALLER_ID.to_owned(),
            default_country: "US".to_owned(),
            conduct: spec.conduct,
            window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
            cadence: spec.cadence,
            max_concurrent_calls: 100,
        };
        let campaign = engine.add_campaign(tenant, &campaign).await.unwrap();
        Self { simulator, setup, app: Some(app), engine, tenant, campaign, agents }
    }

    pub(crate) fn now(&self) -> Timestamp {
        warmline_workers::Clock::new(self.setup.timeline).now()
    }

    pub(crate) async fn add_lead(&self, phone: &str) -> Stored {
        let parsed = warmline_workflows::phone::parse(phone, "US").unwrap();
        let lead = NewLead {
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
        };
        self.engine.store_leads(self.tenant, self.campaign, &[lead], self.now()).await.unwrap()[0]
    }

    pub(crate) async fn launch(&self) {
        self.set_status(campaign::Status::Active).await;
    }

    pub(crate) async fn set_status(&self, status: campaign::Status) {
        self.engine.set_campaign_status(self.tenant, self.campaign, status, self.now()).await.unwrap();
    }

    /// Waits until the campaign has nobody left to call.
    pub(crate) async fn finished(&self) {
        until("the campaign is finished", Duration::from_secs(60), async || {
            let status = self.engine.campaign_status(self.tenant, self.campaign).await.unwrap();
            status == Some(campaign::Status::Finished)
        })
        .await;
    }

    /// The dispositions of every lead's calls, by the lead's number.
    pub(crate) async fn outcomes(&self) -> HashMap<String, Vec<String>> {
        let lines = self.engine.lead_lines(self.tenant, self.campaign).await.unwrap();
        lines.into_iter().map(|line| (line.phone, line.dispositions)).collect()
    }

    /// Checks what must hold of every installation that has come to rest.
    pub(crate) async fn check(&self) {
        for call in self.engine.all_calls(self.tenant).await.unwrap() {
            let recorded = self.engine.recorded(self.tenant, call).await.unwrap();
            if let Some(fault) = recorded.fault() {
                panic!("{fault}");
            }
        }
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

pub(crate) fn script(json: &str) -> Script {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn rand_u32() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let hash = std::hash::RandomState::new().build_hasher().finish();
    u32::try_from(hash & 0xffff_ffff).unwrap()
}

fn init_log() {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    let _already = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
}
