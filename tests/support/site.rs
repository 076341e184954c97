//! A site: a database, a private Redis, a simulated carrier and a campaign, for processes to work on.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::{Connection, PgConnection, Row};
use warmline_embedded::{Home, Redis};
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::NewLead;
use warmline_engine::{Database, Engine, Options};
use warmline_simulator::{Config, Handle, Script, Share, Simulator};
use warmline_workflows::agent::Presence;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;
use warmline_workflows::lead::Priority;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{CampaignId, TenantId, Timeline, campaign};

use super::processes::{Fleet, Orders, Role};
use super::{ACCOUNT, CALLER_ID, TOKEN};

/// What a site is made with.
pub(crate) struct Layout {
    /// Business seconds per real second.
    pub(crate) factor: f64,
    /// What each agent's telephone does.
    pub(crate) agents: Vec<Script>,
    /// What the numbers of leads do.
    pub(crate) scripts: HashMap<String, Script>,
    /// What all other numbers do.
    pub(crate) distribution: Vec<Share>,
    pub(crate) conduct: Conduct,
    pub(crate) cadence: Cadence,
    /// Decides what the carrier leaves to chance.
    pub(crate) seed: u64,
}

/// Everything of an installation besides its processes.
pub(crate) struct Site {
    pub(crate) simulator: Handle,
    pub(crate) engine: Engine,
    pub(crate) tenant: TenantId,
    pub(crate) campaign: CampaignId,
    pub(crate) timeline: Timeline,
    pub(crate) database_url: String,
    pub(crate) redis: Arc<Mutex<Redis>>,
    pub(crate) folder: PathBuf,
    _home: Home,
}

/// Seconds of real time after which a placement without a trace is given up.
pub(crate) const QUIET_WINDOW_S: u64 = 3;
/// Seconds of real time within which the carrier has to answer.
pub(crate) const PLACEMENT_TIMEOUT_S: u64 = 1;
/// Calls per second of carrier time.
const CALLS_PER_SECOND: f64 = 20.0;

impl Site {
    /// Makes a site whose logs go to a folder of that name.
    pub(crate) async fn make(name: &str, layout: Layout) -> Self {
        super::init_log();
        let home = Home::scratch().unwrap();
        let (home, redis) = tokio::task::spawn_blocking(move || {
            let redis = Redis::start(&home, &mut |_| {}).unwrap();
            (home, redis)
        })
        .await
        .unwrap();
        let database_url = warmline_engine::testing::fresh_database().await.unwrap();
        let database = Database::connect(&database_url, 3).await.unwrap();
        let (engine, _unheard) = Engine::start(database, Options { committers: 1, ..Options::default() });
        let timeline = Timeline {
            real_start: Timestamp::now(),
            // A Monday morning in New York.
            business_start: "2026-11-23T13:05:00Z".parse().unwrap(),
            factor: layout.factor,
        };
        let numbers = layout.agents.iter().enumerate().map(|(n, script)| (agent_phone(n), script.clone()));
        let config = Config {
            account_sid: ACCOUNT.to_owned(),
            auth_token: TOKEN.to_owned(),
            numbers: vec![CALLER_ID.to_owned()],
            timeline,
            cps: CALLS_PER_SECOND,
            seed: layout.seed,
            scripts: layout.scripts.into_iter().chain(numbers).collect(),
            distribution: layout.distribution,
            ..Config::default()
        };
        let simulator = Simulator::start(config, super::listener().await).unwrap();

        let tenant = engine.add_tenant("Test", 100).await.unwrap();
        let group = engine.add_group(tenant, "Team").await.unwrap();
        for n in 0..layout.agents.len() {
            let agent = NewAgent {
                name: format!("Agent {n}"),
                phone: agent_phone(n),
                groups: vec![group],
                max_concurrent_calls: 1,
                working_hours: None,
            };
            let id = engine.add_agent(tenant, &agent).await.unwrap();
            engine.set_presence(tenant, id, Presence::Available, timeline.business_start).await.unwrap();
        }
        // As long a day as the law allows: the clock runs fast.
        let window = Terms {
            opens: "08:00".parse().unwrap(),
            closes: "21:00".parse().unwrap(),
            ..Terms::office_hours("America/New_York")
        };
        let campaign = NewCampaign {
            name: "Campaign".to_owned(),
            group,
            caller_id: CALLER_ID.to_owned(),
            default_country: "US".to_owned(),
            conduct: layout.conduct,
            window: CallingWindow::new(window).unwrap(),
            cadence: layout.cadence,
            max_concurrent_calls: 100,
        };
        let campaign = engine.add_campaign(tenant, &campaign).await.unwrap();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _none_yet = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let redis = Arc::new(Mutex::new(redis));
        Self { simulator, engine, tenant, campaign, timeline, database_url, redis, folder, _home: home }
    }

    /// Starts processes on the site.
    pub(crate) async fn staff(&self, roles: &[Role], crash_at: Option<String>) -> Fleet {
        let log = std::env::var("WARMLINE_LOG").unwrap_or_else(|_| "info".to_owned());
        let settings = vec![
            ("WARMLINE_ENV", "test".to_owned()),
            ("WARMLINE_LOG", log),
            ("WARMLINE_TIMELINE", serde_json::to_string(&self.timeline).unwrap()),
            ("WARMLINE_PLACEMENT_TIMEOUT_S", PLACEMENT_TIMEOUT_S.to_string()),
            ("WARMLINE_PLACEMENT_QUIET_WINDOW_S", QUIET_WINDOW_S.to_string()),
            ("WARMLINE_DATABASE_CONNECTIONS", "4".to_owned()),
            ("TWILIO_ACCOUNT_SID", ACCOUNT.to_owned()),
            ("TWILIO_AUTH_TOKEN", TOKEN.to_owned()),
            ("TWILIO_API_BASE", self.simulator.base_url()),
            ("TWILIO_CALLS_PER_SECOND", CALLS_PER_SECOND.to_string()),
            ("DATABASE_URL", self.database_url.clone()),
            ("REDIS_URL", self.redis.lock().unwrap().url()),
        ];
        let orders = Orders { settings, roles: roles.to_vec(), crash_at, folder: self.folder.clone() };
        Fleet::start(orders).await
    }

    /// Adds leads by their numbers.
    pub(crate) async fn add_leads(&self, phones: &[String]) {
        let leads: Vec<NewLead> = phones.iter().map(|phone| lead(phone)).collect();
        self.engine.store_leads(self.tenant, self.campaign, &leads, self.now()).await.unwrap();
    }

    /// Starts the campaign, or starts it again for leads that were added since it finished.
    pub(crate) async fn launch(&self) {
        let active = campaign::Status::Active;
        self.engine.set_campaign_status(self.tenant, self.campaign, active, self.now()).await.unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.timeline.at(Timestamp::now())
    }

    /// A connection to look at the database with.
    pub(crate) async fn look(&self) -> PgConnection {
        PgConnection::connect(&self.database_url).await.unwrap()
    }

    /// What still goes on, in the database and at the carrier; none when all has come to rest.
    pub(crate) async fn unrest(&self, database: &mut PgConnection) -> Option<String> {
        let row = sqlx::query(
            "select (select count(*) from campaigns where status = 'active') as campaigns,
                    (select count(*) from calls where open) as calls,
                    (select count(*) from leads where due_at is not null or status = 'in_call') as leads,
                    (select count(*) from outbox where state <> 'dead') as commands,
                    (select count(*) from agent_reservations) as reservations",
        )
        .fetch_one(database)
        .await
        .unwrap();
        let mut busy: Vec<String> = ["campaigns", "calls", "leads", "commands", "reservations"]
            .iter()
            .map(|what| (*what, row.get::<i64, _>(*what)))
            .filter(|(_, count)| *count > 0)
            .map(|(what, count)| format!("{count} {what}"))
            .collect();
        let live = self.simulator.ledger().calls().iter().filter(|call| !call.status.is_final()).count();
        if live > 0 {
            busy.push(format!("{live} live at the carrier"));
        }
        (!busy.is_empty()).then(|| busy.join(", "))
    }

    /// Waits until everything has come to rest; says what has not, if that takes too long.
    pub(crate) async fn rest(&self, within: Duration) -> Result<(), String> {
        let deadline = tokio::time::Instant::now() + within;
        let mut database = self.look().await;
        while let Some(unrest) = self.unrest(&mut database).await {
            if tokio::time::Instant::now() > deadline {
                return Err(format!("not at rest after {within:?}: {unrest}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// The number of the n-th agent.
pub(crate) fn agent_phone(n: usize) -> String {
    format!("+121255501{:02}", 80 + n)
}

/// The number of the n-th lead: all in New York, all fictional.
pub(crate) fn lead_phone(n: usize) -> String {
    const AREAS: [&str; 6] = ["646", "718", "917", "347", "929", "332"];
    format!("+1{}55501{:02}", AREAS[n / 100], n % 100)
}

fn lead(phone: &str) -> NewLead {
    NewLead {
        first_name: "Dana".to_owned(),
        last_name: phone[phone.len() - 4..].to_owned(),
        email: None,
        phone_original: phone.to_owned(),
        phone: phone.to_owned(),
        country: Some("US".to_owned()),
        time_zones: vec!["America/New_York".to_owned()],
        kind: None,
        notes: None,
        priority: Priority::Normal,
        do_not_call: false,
        custom: serde_json::Map::new(),
    }
}
