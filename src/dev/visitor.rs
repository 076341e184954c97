//! The visitor: whoever watched the demo gets a login, a desk and a campaign of their own.

use serde_json::json;
use uuid::Uuid;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::identity::users::{NewUser, Wanted};
use warmline_engine::leads::NewLead;
use warmline_workflows::agent::Reach;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;
use warmline_workflows::campaign::Status;
use warmline_workflows::lead::Priority;
use warmline_workflows::{AgentId, Role, TenantId, UserId, phone, zones};

use super::cast;
use super::demo::{CALLER_ID, ZONE};
use crate::api::account::RESET_PREFIX;
use crate::api::token::Secret;
use crate::app::App;

/// The address that logs the visitor in.
pub(super) const EMAIL: &str = "visitor@example.com";
const CAMPAIGN: &str = "Yours to answer";
const SCRIPT: &str = "Hello {{first_name}}, this is Demo Freight Brokers.\n\n\
                      We have capacity out of Newark next week. Are you shipping anything that way?\n\n\
                      - Yes: note lane, weight and date, and promise an offer today.\n\
                      - Not now: ask when to call back, and set it.\n\
                      - Never: thank them, and put them on the do-not-call list.";

/// Makes the visitor's login, desk and campaign, unless they are there, and gives the path under which a password for
/// the login is chosen, once.
///
/// # Errors
/// When the database does not do it.
pub(super) async fn invite(app: &App, tenant: TenantId) -> anyhow::Result<String> {
    let engine = &app.engine;
    let search = Wanted { search: Some(EMAIL.to_owned()), limit: 1, ..Wanted::default() };
    let user = match engine.users(tenant, &search).await?.pop() {
        Some(user) => user.id,
        None => prepare(app, tenant).await?,
    };
    let secret = Secret::new(tenant, user.0);
    engine.begin_password_reset(tenant, user, &secret.digest()).await?;
    Ok(format!("/reset-password?token={}", secret.text(RESET_PREFIX)))
}

async fn prepare(app: &App, tenant: TenantId) -> anyhow::Result<UserId> {
    let engine = &app.engine;
    let user = NewUser {
        id: UserId(Uuid::now_v7()),
        email: EMAIL.to_owned(),
        name: "Visitor".to_owned(),
        role: Role::TenantAdmin,
        password_hash: None,
    };
    let user = engine.add_user(tenant, &user).await?.id;
    // Of a team of their own: nobody else takes these calls away.
    let group = engine.add_group(tenant, "Visitors").await?;
    let agent = NewAgent {
        name: "You".to_owned(),
        phone: cast::VISITOR_PHONE.to_owned(),
        reach: Reach::Phone,
        groups: vec![group],
        max_concurrent_calls: 1,
        working_hours: None,
    };
    engine.create_agent(tenant, AgentId(Uuid::now_v7()), (&agent, Some(user))).await?;
    let hours = json!({ "time_zone": ZONE, "opens": "08:00", "closes": "21:00",
                        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] });
    let campaign = NewCampaign {
        name: CAMPAIGN.to_owned(),
        group,
        caller_ids: vec![CALLER_ID.to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: Conduct {
            patience_s: 120,
            agent_ring_timeout_s: 30,
            accept_timeout_s: 30,
            wrap_up_s: 120,
            ..Conduct::default()
        },
        window: serde_json::from_value(hours)?,
        cadence: Cadence::default(),
        max_concurrent_calls: 2,
        script: SCRIPT.to_owned(),
    };
    let campaign = engine.add_campaign(tenant, &campaign).await?;
    let leads: Vec<NewLead> = cast::STRANGERS.iter().map(lead).collect::<Result<_, _>>()?;
    let now = app.clock.now();
    engine.store_leads(tenant, campaign, &leads, now).await?;
    engine.set_campaign_status(tenant, campaign, Status::Active, now).await?;
    Ok(user)
}

fn lead(stranger: &cast::Stranger) -> anyhow::Result<NewLead> {
    let phone = phone::parse(stranger.phone, "US")?;
    Ok(NewLead {
        first_name: stranger.first_name.to_owned(),
        last_name: stranger.last_name.to_owned(),
        email: None,
        phone_original: stranger.phone.to_owned(),
        time_zones: zones::of(&phone).into_iter().map(str::to_owned).collect(),
        country: Some(phone.country.clone()),
        phone: phone.e164,
        kind: Some("shipper".to_owned()),
        notes: Some(stranger.notes.to_owned()),
        priority: Priority::Normal,
        do_not_call: false,
        custom: serde_json::Map::new(),
    })
}
