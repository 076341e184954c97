//! The demo: sample leads, four agents, one campaign, from the file to the last disposition.

use std::time::Duration;

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::{Database, Engine};
use warmline_workflows::agent::{Presence, Reach};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;
use warmline_workflows::campaign::Status;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{CampaignId, TenantId};

use super::screen::{Screen, say};
use super::{cast, summary};
use crate::app::App;
use crate::cli::Dev;
use crate::import::{self, Importer, Limits};

/// The number that the demo's leads see.
pub(super) const CALLER_ID: &str = "+12125550100";
const TENANT: &str = "Demo Freight Brokers";
const CAMPAIGN: &str = "Sample leads";
pub(super) const ZONE: &str = "America/New_York";
const REDRAW_EVERY: Duration = Duration::from_millis(200);

/// Runs the demo's campaign to its end and prints the table.
pub(super) async fn run(app: &App, options: &Dev) -> anyhow::Result<TenantId> {
    let (tenant, campaign) = match find(&app.engine).await? {
        Some(found) => found,
        None => prepare(app, options).await?,
    };
    say("");
    let mut screen = Screen::new(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC), app.clock.factor());
    loop {
        let progress = app.engine.progress(tenant, campaign).await?;
        screen.show(&progress, app.clock.now());
        if app.engine.campaign_status(tenant, campaign).await? == Some(Status::Finished) {
            break;
        }
        tokio::time::sleep(REDRAW_EVERY).await;
    }
    summary::print(&app.engine.lead_lines(tenant, campaign).await?);
    say("");
    say("Every event of every call is in the table `journal`; docs/ARCHITECTURE.md walks through one call.");
    Ok(tenant)
}

/// Whether the database holds a demo that ran to its end.
pub(super) async fn is_through(database: &Database) -> anyhow::Result<bool> {
    if !database.is_migrated().await? {
        return Ok(true);
    }
    let (engine, _) = Engine::start(database.clone(), warmline_engine::Options::default());
    Ok(match find(&engine).await? {
        Some((tenant, campaign)) => engine.campaign_status(tenant, campaign).await? != Some(Status::Active),
        None => true,
    })
}

async fn find(engine: &Engine) -> anyhow::Result<Option<(TenantId, CampaignId)>> {
    let Some(tenant) = engine.tenant_by_name(TENANT).await? else { return Ok(None) };
    Ok(engine.campaign_by_name(tenant, CAMPAIGN).await?.map(|campaign| (tenant, campaign)))
}

async fn prepare(app: &App, options: &Dev) -> anyhow::Result<(TenantId, CampaignId)> {
    let engine = &app.engine;
    let now = app.clock.now();
    let tenant = engine.add_tenant(TENANT, 100).await?;
    let group = engine.add_group(tenant, "Sales").await?;
    for (name, phone) in cast::AGENTS {
        let agent = NewAgent {
            name: name.to_owned(),
            phone: phone.to_owned(),
            reach: Reach::Phone,
            groups: vec![group],
            max_concurrent_calls: 1,
            working_hours: None,
        };
        let agent = engine.add_agent(tenant, &agent).await?;
        engine.set_presence(tenant, agent, Presence::Available, now).await?;
    }
    let campaign = NewCampaign {
        name: CAMPAIGN.to_owned(),
        group,
        caller_ids: vec![CALLER_ID.to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: Conduct { wrap_up_s: 20, ..Conduct::default() },
        window: CallingWindow::new(Terms::office_hours(ZONE))?,
        cadence: Cadence::default(),
        max_concurrent_calls: 20,
        script: String::new(),
    };
    let campaign = engine.add_campaign(tenant, &campaign).await?;
    let importer =
        Importer { engine: engine.clone(), limits: Limits::default(), stop: CancellationToken::new() };
    let how = import::Options { default_country: "US".to_owned(), ..import::Options::default() };
    crate::leads_file::import(&importer, &options.leads, (tenant, campaign), how, || now).await?;
    engine.set_campaign_status(tenant, campaign, Status::Active, now).await?;
    say(&format!(
        "Campaign \"{CAMPAIGN}\" is started: calling hours 09:00-17:00 {ZONE}, up to 3 attempts an hour apart."
    ));
    Ok((tenant, campaign))
}
