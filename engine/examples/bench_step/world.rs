//! The database of a run, and the calls that are opened in it between the timed parts.

use std::str::FromStr;

use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::NewLead;
use warmline_engine::vault::{MasterKey, Secret};
use warmline_engine::{Database, Engine, Options, Ready, Vault};
use warmline_workflows::agent::{Presence, Reach};
use warmline_workflows::call::{Conduct, Plan};
use warmline_workflows::campaign::Status;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{CampaignId, TenantId};

use crate::life::{self, Turn};
use crate::{Failure, pgbench};

/// A database of its own, with one campaign that may open any number of calls.
pub(crate) struct World {
    pub(crate) options: PgConnectOptions,
    pub(crate) engine: Engine,
    pub(crate) pool: PgPool,
    pub(crate) postmaster: u32,
    admin: PgConnectOptions,
    name: String,
    tenant: TenantId,
    campaign: CampaignId,
    now: Timestamp,
    opened: usize,
}

/// Leads to a block of the numbers that are set aside for fiction, and blocks there are.
const LEADS_PER_BLOCK: usize = 100;
const AGENTS: usize = 400;
const CALLS_PER_AGENT: u16 = 20;

impl World {
    pub(crate) async fn create(url: &str) -> Result<Self, Failure> {
        let admin = PgConnectOptions::from_str(url)?.disable_statement_logging();
        let name = format!("bench_step_{}", std::process::id());
        let mut connection = PgConnection::connect_with(&admin).await?;
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await?;
        connection.close().await?;
        let options = admin.clone().database(&name);
        let database = Database::connect(options.to_url_lossy().as_str(), 4).await?;
        let database = database.with_vault(vault()?);
        database.migrate().await?;
        let (engine, commands) = Engine::start(database, Options::default());
        tokio::spawn(drop_commands(commands));
        let pool = PgPoolOptions::new().max_connections(4).connect_with(options.clone()).await?;
        let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&pool).await?;
        let now: Timestamp = "2026-11-23T15:00:00Z".parse()?;
        let (tenant, campaign) = found(&engine, now).await?;
        let postmaster = crate::cpu::parent(u32::try_from(backend)?)?;
        Ok(Self { options, engine, pool, postmaster, admin, name, tenant, campaign, now, opened: 0 })
    }

    /// Another engine on the same database, with an empty cache.
    pub(crate) async fn engine(&self) -> Result<Engine, Failure> {
        let database = Database::connect(self.options.to_url_lossy().as_str(), 2).await?;
        let database = database.with_vault(vault()?);
        let (engine, commands) = Engine::start(database, Options::default());
        tokio::spawn(drop_commands(commands));
        Ok(engine)
    }

    /// Opens calls the way a campaign does, and works out their lives.
    pub(crate) async fn lives(&mut self, count: usize) -> Result<Vec<Vec<Turn>>, Failure> {
        let leads: Vec<NewLead> = (self.opened..self.opened + count).map(lead).collect();
        self.engine.store_leads(self.tenant, self.campaign, &leads, self.now).await?;
        let mut open = 0;
        while open < count {
            let paced = self.engine.pace(self.tenant, self.campaign, self.now).await?;
            open += paced.opened as usize;
            if paced.opened == 0 {
                return Err(format!("only {open} of {count} calls could be opened").into());
            }
        }
        let plans: Vec<String> = sqlx::query_scalar(
            "select plan::text from calls where tenant_id = $1 and open and version = 1 order by id",
        )
        .bind(self.tenant.0)
        .fetch_all(&self.pool)
        .await?;
        let mut lives = Vec::with_capacity(count);
        for plan in &plans {
            let plan: Plan = serde_json::from_str(plan)?;
            lives.push(life::of(&plan, self.opened + lives.len()));
        }
        self.opened += count;
        Ok(lives)
    }

    /// Every call that was led is over, every step of it was written, and a sample of them is stored as
    /// the journal says.
    pub(crate) async fn audit(&self, turns: usize) -> Result<(), Failure> {
        let (open, lines): (i64, i64) = sqlx::query_as(
            "select (select count(*) from calls where open and version < $1),
                    (select count(*) from journal where version between 2 and $1)",
        )
        .bind(pgbench::VERSION_MIN)
        .fetch_one(&self.pool)
        .await?;
        if open != 0 || lines != i64::try_from(turns)? {
            return Err(format!("{open} calls are open and {lines} lines written after {turns} steps").into());
        }
        let sample: Vec<Uuid> =
            sqlx::query_scalar("select id from calls where not open order by id desc limit 200")
                .fetch_all(&self.pool)
                .await?;
        for call in sample {
            let recorded = self.engine.recorded(self.tenant, warmline_workflows::CallId(call)).await?;
            if let Some(fault) = recorded.fault() {
                return Err(fault.into());
            }
        }
        Ok(())
    }

    pub(crate) async fn destroy(self) -> Result<(), Failure> {
        self.engine.database().close().await;
        self.pool.close().await;
        let mut connection = PgConnection::connect_with(&self.admin).await?;
        let drop = format!("drop database {} with (force)", self.name);
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await?;
        Ok(())
    }
}

/// Personal data is sealed, as it is in production.
fn vault() -> Result<Vault, Failure> {
    let master = MasterKey::new("bench", Secret::new([1; 32]))?;
    Ok(Vault::sealing(vec![master], Secret::new([2; 32]))?)
}

async fn drop_commands(mut commands: tokio::sync::mpsc::UnboundedReceiver<Vec<Ready>>) {
    while commands.recv().await.is_some() {}
}

async fn found(engine: &Engine, now: Timestamp) -> Result<(TenantId, CampaignId), Failure> {
    let tenant = engine.add_tenant("Bench", 100_000).await?;
    let group = engine.add_group(tenant, "Agents").await?;
    for number in 0..AGENTS {
        let agent = NewAgent {
            name: format!("Agent {number}"),
            phone: "+12125550199".to_owned(),
            reach: Reach::Phone,
            groups: vec![group],
            max_concurrent_calls: CALLS_PER_AGENT,
            working_hours: None,
        };
        let agent = engine.add_agent(tenant, &agent).await?;
        engine.set_presence(tenant, agent, Presence::Available, now).await?;
    }
    let campaign = NewCampaign {
        name: "Bench".to_owned(),
        group,
        caller_ids: vec!["+12125550100".to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: Conduct::default(),
        window: CallingWindow::new(Terms::office_hours("America/New_York"))?,
        cadence: warmline_workflows::cadence::Cadence::default(),
        max_concurrent_calls: 100_000,
        script: String::new(),
    };
    let campaign = engine.add_campaign(tenant, &campaign).await?;
    engine.set_campaign_status(tenant, campaign, Status::Active, now).await?;
    Ok((tenant, campaign))
}

fn lead(number: usize) -> NewLead {
    let (block, line) = (201 + number / LEADS_PER_BLOCK, 100 + number % LEADS_PER_BLOCK);
    let phone = format!("+1{block}5550{line}");
    NewLead {
        first_name: "Lena".to_owned(),
        last_name: format!("Example {number}"),
        email: None,
        phone_original: phone.clone(),
        phone,
        country: Some("US".to_owned()),
        time_zones: vec!["America/New_York".to_owned()],
        kind: None,
        notes: None,
        priority: warmline_workflows::lead::Priority::Normal,
        do_not_call: false,
        custom: serde_json::Map::new(),
    }
}
