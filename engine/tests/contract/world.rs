//! A fresh database with an organisation in it, and short words for what tests do to it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::{PgPool, PgPoolOptions};
use tokio::sync::mpsc::UnboundedReceiver;
use uuid::Uuid;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::{NewLead, Stored};
use warmline_engine::{Database, Engine, Error, Key, Options, Ready, Step, Stepped, testing};
use warmline_workflows::agent::{Presence, Reach};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{Call, CommandId, Conduct, Event, Ordinal};
use warmline_workflows::campaign::Status;
use warmline_workflows::lead::Priority;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{AgentId, CallId, CampaignId, GroupId, LeadId, TenantId};

/// An installation of its own. Business time stands still at ten o'clock on a Monday in New York.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) engine: Engine,
    pub(crate) commands: UnboundedReceiver<Vec<Ready>>,
    /// For looking, and for what only an accident would do.
    pub(crate) sql: PgPool,
    pub(crate) tenant: TenantId,
    pub(crate) group: GroupId,
    pub(crate) campaign: CampaignId,
    pub(crate) now: Timestamp,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let url = testing::fresh_database().await.unwrap();
        let (engine, commands) = start(&url, options).await;
        let sql = PgPoolOptions::new().max_connections(4).connect(&url).await.unwrap();
        let tenant = engine.add_tenant("Example", 1000).await.unwrap();
        let group = engine.add_group(tenant, "Sales").await.unwrap();
        let now = "2026-11-23T15:00:00Z".parse().unwrap();
        let campaign = engine.add_campaign(tenant, &campaign(group)).await.unwrap();
        engine.set_campaign_status(tenant, campaign, Status::Active, now).await.unwrap();
        Self { url, engine, commands, sql, tenant, group, campaign, now }
    }

    /// The engine of another process on the same database.
    pub(crate) async fn another_process(&self) -> Engine {
        start(&self.url, Options::default()).await.0
    }

    pub(crate) fn later(&self, seconds: i64) -> Timestamp {
        self.now + SignedDuration::from_secs(seconds)
    }

    /// An agent who is available; `number` tells it from others.
    pub(crate) async fn agent(&self, number: u32) -> AgentId {
        self.agent_with(number, |_| {}).await
    }

    pub(crate) async fn agent_with(&self, number: u32, change: impl FnOnce(&mut NewAgent)) -> AgentId {
        let mut agent = NewAgent {
            name: format!("Agent {number}"),
            phone: format!("+1212555{:04}", 150 + number),
            reach: Reach::Phone,
            groups: vec![self.group],
            max_concurrent_calls: 1,
            working_hours: None,
        };
        change(&mut agent);
        let id = self.engine.add_agent(self.tenant, &agent).await.unwrap();
        self.engine.set_presence(self.tenant, id, Presence::Available, self.now).await.unwrap();
        id
    }

    /// Another campaign, active.
    pub(crate) async fn campaign_with(&self, change: impl FnOnce(&mut NewCampaign)) -> CampaignId {
        let mut new = campaign(self.group);
        change(&mut new);
        let id = self.engine.add_campaign(self.tenant, &new).await.unwrap();
        self.status(id, Status::Active).await;
        id
    }

    pub(crate) async fn status(&self, campaign: CampaignId, to: Status) {
        self.engine.set_campaign_status(self.tenant, campaign, to, self.now).await.unwrap();
    }

    /// Stores leads with these numbers in the campaign of the world.
    pub(crate) async fn leads(&self, numbers: std::ops::Range<u32>) -> Vec<LeadId> {
        self.leads_in(self.campaign, numbers.map(lead).collect()).await
    }

    pub(crate) async fn leads_in(&self, campaign: CampaignId, leads: Vec<NewLead>) -> Vec<LeadId> {
        let stored = self.engine.store_leads(self.tenant, campaign, &leads, self.now).await.unwrap();
        stored
            .into_iter()
            .map(|stored| match stored {
                Stored::Queued(lead) | Stored::DoNotCall(lead) => lead,
                Stored::Duplicate => panic!("a test stores a lead twice"),
            })
            .collect()
    }

    /// Opens so many calls, to leads and with agents of their own, in the order of their numbers.
    pub(crate) async fn calls(&self, count: u32) -> Vec<CallId> {
        for number in 0..count.div_ceil(20) {
            self.agent_with(number, |agent| agent.max_concurrent_calls = 20).await;
        }
        self.leads(0..count).await;
        let paced = self.pace().await;
        assert_eq!(paced, count, "calls opened");
        self.open_calls().await
    }

    /// Opens one call.
    pub(crate) async fn call(&self) -> CallId {
        self.calls(1).await[0]
    }

    /// One round of pacing for the campaign of the world; how many calls it opened.
    pub(crate) async fn pace(&self) -> u32 {
        self.engine.pace(self.tenant, self.campaign, self.now).await.unwrap().opened
    }

    pub(crate) async fn open_calls(&self) -> Vec<CallId> {
        let ids: Vec<Uuid> = sqlx::query_scalar("select id from calls where open order by lead_id")
            .fetch_all(&self.sql)
            .await
            .unwrap();
        ids.into_iter().map(CallId).collect()
    }

    pub(crate) fn event(&self, call: CallId, event: Event, key: &str) -> Step {
        Step {
            tenant: self.tenant,
            call,
            token: None,
            event,
            key: Key(key.to_owned()),
            settles: None,
            now: self.now,
        }
    }

    pub(crate) async fn step(&self, call: CallId, event: Event) -> Result<Stepped, Error> {
        let key = Uuid::now_v7().to_string();
        self.engine.step(self.event(call, event, &key)).await
    }

    /// The call as it is stored.
    pub(crate) async fn stored(&self, call: CallId) -> Call {
        self.engine.recorded(self.tenant, call).await.unwrap().call
    }

    pub(crate) async fn state(&self, call: CallId) -> &'static str {
        self.stored(call).await.state().name()
    }

    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.sql).await.unwrap()
    }

    pub(crate) async fn text(&self, query: &'static str) -> String {
        sqlx::query_scalar(query).fetch_one(&self.sql).await.unwrap()
    }

    pub(crate) async fn run(&self, statements: &'static str) {
        sqlx::raw_sql(statements).execute(&self.sql).await.unwrap();
    }

    /// Waits until the feed is through with what was committed: a transaction that is open in another test, on
    /// the same server, holds it up.
    pub(crate) async fn settled(&self) {
        let waiting = "select count(*) from events where xid >= pg_snapshot_xmin(pg_current_snapshot())";
        until("the feed is through", || async { self.number(waiting).await == 0 }).await;
    }

    /// Where the lead of a call stands: status, attempts, and when it is due.
    pub(crate) async fn lead_of(&self, call: CallId) -> (String, i16, Option<Timestamp>) {
        let (status, attempts, due): (String, i16, Option<jiff_sqlx::Timestamp>) = sqlx::query_as(
            "select l.status, l.attempts, l.due_at from leads l join calls c on c.lead_id = l.id where c.id = $1",
        )
        .bind(call.0)
        .fetch_one(&self.sql)
        .await
        .unwrap();
        (status, attempts, due.map(jiff_sqlx::Timestamp::to_jiff))
    }
}

async fn start(url: &str, options: Options) -> (Engine, UnboundedReceiver<Vec<Ready>>) {
    let database = Database::connect(url, 8).await.unwrap().with_vault(testing::vault().unwrap());
    Engine::start(database, options)
}

fn campaign(group: GroupId) -> NewCampaign {
    NewCampaign {
        name: "Autumn".to_owned(),
        group,
        caller_ids: vec!["+12125550100".to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: Conduct::default(),
        window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
        cadence: Cadence::default(),
        max_concurrent_calls: 1000,
        script: String::new(),
    }
}

/// A lead in New York, told from others by its number.
pub(crate) fn lead(number: u32) -> NewLead {
    let phone = format!("+1{}555{:04}", [212, 332, 646, 917][number as usize / 100], 100 + number % 100);
    NewLead {
        first_name: "Lee".to_owned(),
        last_name: format!("Number {number}"),
        email: None,
        phone_original: phone.clone(),
        phone,
        country: Some("US".to_owned()),
        time_zones: vec!["America/New_York".to_owned()],
        kind: None,
        notes: None,
        priority: Priority::Normal,
        do_not_call: false,
        custom: serde_json::Map::new(),
    }
}

/// The first command of a call: to place the lead leg.
pub(crate) fn placement(call: CallId) -> CommandId {
    CommandId { call, ordinal: Ordinal { version: 1, index: 0 } }
}

/// Hands in all of it before anything is done, in this order.
pub(crate) async fn at_once<F: Future>(all: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    // Not held up half-way by the runtime's care that one task should not do too much at a time.
    tokio::task::unconstrained(futures::future::join_all(all)).await
}

/// Runs a closure until it answers, or a test is stuck.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut done: impl FnMut() -> F) {
    let patience = Duration::from_secs(20);
    let waiting = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(patience, waiting).await.is_ok(), "waited {patience:?} in vain: {what}");
}
