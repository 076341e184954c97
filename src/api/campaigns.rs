//! Campaigns: made, changed and removed.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::campaigns::catalogue::{Campaign, Order, Wanted};
use warmline_workflows::cadence::{Cadence, Terms};
use warmline_workflows::call::Conduct;
use warmline_workflows::campaign::Status;
use warmline_workflows::window::{self, CallingWindow};
use warmline_workflows::{CampaignId, GroupId, TenantId};

use super::Api;
use super::auth::text;
use super::caller_ids::number;
use super::change::Change;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query, overlay};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{CampaignIdText, CampaignStatusWord, GroupIdText};
use super::settings_schema::{CadenceTerms, CallingWindowTerms, ConductTerms};
use super::tenant::country;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_campaigns, create_campaign))
        .routes(routes!(get_campaign, update_campaign, delete_campaign))
        .routes(routes!(clone_campaign))
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campaign)]
pub(super) struct CampaignView {
    #[schema(value_type = CampaignIdText)]
    id: CampaignId,
    /// As shown to people.
    name: String,
    #[schema(value_type = CampaignStatusWord)]
    status: Status,
    /// The team that takes its calls.
    #[schema(value_type = GroupIdText)]
    group_id: GroupId,
    /// The first of the numbers that leads may see, E.164.
    caller_id: String,
    /// The numbers that leads may see, E.164, 1 to 100: of those that have calls left today the one that was shown
    /// least.
    caller_ids: Vec<String>,
    /// Whether a lead sees a number of its own area, where one with calls left is among them.
    local_presence: bool,
    /// ISO 3166 code of the country that numbers without a prefix are of.
    default_country: String,
    /// When its leads may be called.
    #[schema(value_type = CallingWindowTerms)]
    calling_window: CallingWindow,
    /// How its calls are conducted.
    #[schema(value_type = ConductTerms)]
    conduct: Conduct,
    /// Whether and when a lead is called again.
    #[schema(value_type = CadenceTerms)]
    cadence: Cadence,
    /// Calls at once.
    max_concurrent_calls: u32,
    /// What agents read from while they talk.
    script: String,
    created_at: Timestamp,
    /// When it was started first.
    started_at: Option<Timestamp>,
    /// When nobody was left to call.
    finished_at: Option<Timestamp>,
}

impl From<Campaign> for CampaignView {
    fn from(campaign: Campaign) -> Self {
        let settings = campaign.settings;
        Self {
            id: campaign.id,
            name: settings.name,
            status: campaign.status,
            group_id: settings.group,
            caller_id: settings.caller_ids.first().cloned().unwrap_or_default(),
            caller_ids: settings.caller_ids,
            local_presence: settings.local_presence,
            default_country: settings.default_country,
            calling_window: settings.window,
            conduct: settings.conduct,
            cadence: settings.cadence,
            max_concurrent_calls: settings.max_concurrent_calls,
            script: settings.script,
            created_at: campaign.created_at,
            started_at: campaign.started_at,
            finished_at: campaign.finished_at,
        }
    }
}

/// A campaign to be made. What is left out is as the installation has it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Autumn brokers", "group_id": "grp_0193642f2b0a7c10a3f4c0ffee000001", "caller_id": "+12125550100",
    "calling_window": { "time_zone": "America/New_York", "opens": "09:00", "closes": "17:00" },
}))]
struct CampaignDraft {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The team that takes its calls.
    #[schema(value_type = GroupIdText)]
    group_id: GroupId,
    /// The one number shown to leads, E.164: short for `caller_ids` with this one. When both are left out, the first
    /// of the organisation's caller ids.
    caller_id: Option<String>,
    /// The numbers that leads may see, E.164, 1 to 100: of the organisation's caller ids when it has any.
    #[schema(min_items = 1, max_items = 100)]
    caller_ids: Option<Vec<String>>,
    /// Whether a lead sees a number of its own area, where one with calls left is among them; false when left out.
    local_presence: Option<bool>,
    /// ISO 3166 code of the country that numbers without a prefix are of; the organisation's when left out.
    default_country: Option<String>,
    /// When its leads may be called.
    #[schema(value_type = CallingWindowTerms)]
    calling_window: window::Terms,
    /// How its calls are conducted; what is left out is as the installation has it.
    #[schema(value_type = Option<ConductTerms>)]
    conduct: Option<Map<String, Value>>,
    /// Whether and when a lead is called again; what is left out is as the installation has it.
    #[schema(value_type = Option<CadenceTerms>)]
    cadence: Option<Map<String, Value>>,
    /// Calls at once, 1 to 100000.
    #[schema(minimum = 1, maximum = 100_000)]
    max_concurrent_calls: Option<u32>,
    /// What agents read from while they talk, at most 20000 characters.
    #[schema(max_length = 20_000)]
    script: Option<String>,
}

/// A change of a campaign. What is left out stays as it is, within its parts, too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Autumn brokers, second wave", "max_concurrent_calls": 20 }))]
struct CampaignChange {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The team that takes its calls.
    #[schema(value_type = Option<GroupIdText>)]
    group_id: Option<GroupId>,
    /// The one number shown to leads, E.164: short for `caller_ids` with this one.
    caller_id: Option<String>,
    /// The numbers that leads may see, E.164, 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    caller_ids: Option<Vec<String>>,
    /// Whether a lead sees a number of its own area, where one with calls left is among them.
    local_presence: Option<bool>,
    /// ISO 3166 code of the country that numbers without a prefix are of.
    default_country: Option<String>,
    /// When its leads may be called.
    #[schema(value_type = Option<CallingWindowTerms>)]
    calling_window: Option<Map<String, Value>>,
    /// How its calls are conducted.
    #[schema(value_type = Option<ConductTerms>)]
    conduct: Option<Map<String, Value>>,
    /// Whether and when a lead is called again.
    #[schema(value_type = Option<CadenceTerms>)]
    cadence: Option<Map<String, Value>>,
    /// Calls at once, 1 to 100000.
    #[schema(minimum = 1, maximum = 100_000)]
    max_concurrent_calls: Option<u32>,
    /// What agents read from while they talk, at most 20000 characters.
    #[schema(max_length = 20_000)]
    script: Option<String>,
}

impl CampaignDraft {
    async fn into_campaign(self, api: &Api, tenant: TenantId) -> Result<NewCampaign, Problem> {
        let defaults = &api.settings.defaults;
        let own = api.engine.tenant(tenant).await?.settings;
        let caller_ids = match numbers(self.caller_id, self.caller_ids)? {
            Some(caller_ids) => caller_ids,
            None => {
                let first = api.engine.caller_ids(tenant, (None, 1), api.clock.now()).await?.pop();
                let first = first.map(|first| first.phone).or_else(|| defaults.caller_id.clone());
                let missing = "there is no default here: name a number of the account";
                vec![number("caller_id", &first.ok_or_else(|| Problem::invalid("caller_id", missing))?)?]
            }
        };
        Ok(NewCampaign {
            name: text("name", &self.name, 1..=200)?,
            group: self.group_id,
            caller_ids,
            local_presence: self.local_presence.unwrap_or(false),
            default_country: country(
                "default_country",
                self.default_country.as_deref().unwrap_or(&own.default_country),
            )?,
            conduct: conduct(&defaults.conduct, self.conduct)?,
            window: calling_window(WINDOW, self.calling_window)?,
            cadence: cadence(&defaults.cadence, self.cadence)?,
            max_concurrent_calls: at_once(
                self.max_concurrent_calls.unwrap_or(defaults.max_concurrent_calls),
            )?,
            script: script(self.script.unwrap_or_default())?,
        })
    }
}

impl CampaignChange {
    fn apply(self, is: NewCampaign) -> Result<NewCampaign, Problem> {
        Ok(NewCampaign {
            name: self.name.map_or(Ok(is.name), |name| text("name", &name, 1..=200))?,
            group: self.group_id.unwrap_or(is.group),
            caller_ids: numbers(self.caller_id, self.caller_ids)?.unwrap_or(is.caller_ids),
            local_presence: self.local_presence.unwrap_or(is.local_presence),
            default_country: self
                .default_country
                .map_or(Ok(is.default_country), |code| country("default_country", &code))?,
            conduct: conduct(&is.conduct, self.conduct)?,
            window: match self.calling_window {
                Some(change) => calling_window(WINDOW, overlay(WINDOW, &is.window, change)?)?,
                None => is.window,
            },
            cadence: cadence(&is.cadence, self.cadence)?,
            max_concurrent_calls: self.max_concurrent_calls.map_or(Ok(is.max_concurrent_calls), at_once)?,
            script: self.script.map_or(Ok(is.script), script)?,
        })
    }
}

/// The most numbers that a campaign may show.
const CALLER_IDS_MAX: usize = 100;

/// The numbers that a campaign is to show, whichever way they were said; none when they were not.
fn numbers(one: Option<String>, several: Option<Vec<String>>) -> Result<Option<Vec<String>>, Problem> {
    let (field, said) = match (one, several) {
        (None, None) => return Ok(None),
        (Some(one), None) => ("caller_id", vec![one]),
        (None, Some(several)) => ("caller_ids", several),
        (Some(_), Some(_)) => {
            return Err(Problem::invalid(
                "caller_ids",
                "expected either this or caller_id, which is short for one",
            ));
        }
    };
    if !(1..=CALLER_IDS_MAX).contains(&said.len()) {
        return Err(Problem::invalid(field, format!("expected 1 to {CALLER_IDS_MAX} numbers")));
    }
    let mut numbers = Vec::new();
    for text in said {
        let number = number(field, &text)?;
        if numbers.contains(&number) {
            return Err(Problem::invalid(field, format!("{number} is among them twice")));
        }
        numbers.push(number);
    }
    Ok(Some(numbers))
}

const WINDOW: &str = "calling_window";

/// How calls are conducted, when this is changed of how they are.
fn conduct(is: &Conduct, change: Option<Map<String, Value>>) -> Result<Conduct, Problem> {
    let Some(change) = change else { return Ok(is.clone()) };
    let conduct: Conduct = overlay("conduct", is, change)?;
    conduct.check().map_err(|error| Problem::invalid(format!("conduct.{}", error.field), error.why))?;
    Ok(conduct)
}

pub(super) fn calling_window(field: &str, terms: window::Terms) -> Result<CallingWindow, Problem> {
    CallingWindow::new(terms).map_err(|error| Problem::invalid(format!("{field}.{}", error.field()), error))
}

fn cadence(is: &Cadence, change: Option<Map<String, Value>>) -> Result<Cadence, Problem> {
    let Some(change) = change else { return Ok(is.clone()) };
    let terms: Terms = overlay("cadence", is, change)?;
    Cadence::new(terms).map_err(|error| Problem::invalid(format!("cadence.{}", error.field()), error))
}

fn at_once(calls: u32) -> Result<u32, Problem> {
    if (1..=100_000).contains(&calls) {
        return Ok(calls);
    }
    Err(Problem::invalid("max_concurrent_calls", "expected 1 to 100000"))
}

/// The longest script, in characters.
const SCRIPT_CHARS_MAX: usize = 20_000;

fn script(text: String) -> Result<String, Problem> {
    if text.chars().count() <= SCRIPT_CHARS_MAX && !text.contains('\0') {
        return Ok(text);
    }
    Err(Problem::invalid("script", "expected at most 20000 characters, none of them NUL"))
}

/// Which campaigns to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CampaignQuery {
    /// Only those that stand here.
    #[param(value_type = Option<CampaignStatusWord>)]
    status: Option<Status>,
    /// The order: a leading minus turns it round.
    #[param(inline)]
    sort: Option<CampaignSort>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
enum CampaignSort {
    #[serde(rename = "created_at")]
    Oldest,
    #[serde(rename = "-created_at")]
    Newest,
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameReversed,
}

/// List campaigns
#[utoipa::path(get, path = "/api/campaigns", tag = "campaigns", params(CampaignQuery), responses(
    (status = 200, description = "A page of campaigns, the newest first.", body = Page<CampaignView>),
))]
async fn list_campaigns(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<CampaignQuery>,
) -> Result<axum::Json<Page<CampaignView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let wanted = Wanted {
        status: asked.status,
        order: match asked.sort {
            None | Some(CampaignSort::Newest) => Order::Newest,
            Some(CampaignSort::Oldest) => Order::Oldest,
            Some(CampaignSort::Name) => Order::Name,
            Some(CampaignSort::NameReversed) => Order::NameReversed,
        },
        after: page::after(asked.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let campaigns = api.engine.campaigns(principal.tenant, &wanted).await?;
    let place = |campaign: &Campaign| (campaign.id, campaign.settings.name.clone());
    Ok(axum::Json(Page::of(campaigns, limit, place, CampaignView::from)))
}

/// Create a campaign
///
/// It begins as a draft: nobody is called before it is started.
#[utoipa::path(post, path = "/api/campaigns", tag = "campaigns", request_body = CampaignDraft, responses(
    (status = 201, description = "The campaign.", body = CampaignView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
    (status = 404, description = "There is no such agent group, or no such audio file.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn create_campaign(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<CampaignDraft>,
) -> Result<Response, Problem> {
    let settings = draft.into_campaign(&api, principal.tenant).await?;
    let campaign = api.engine.create_campaign(principal.tenant, CampaignId(id), &settings).await?;
    Ok(created(campaign))
}

fn created(campaign: Campaign) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(address) = HeaderValue::from_str(&format!("/api/campaigns/{}", campaign.id)) {
        headers.insert(header::LOCATION, address);
    }
    (StatusCode::CREATED, headers, versioned(campaign)).into_response()
}

pub(super) fn versioned(campaign: Campaign) -> Versioned<CampaignView> {
    Versioned { version: campaign.version, body: campaign.into() }
}

/// Get a campaign
#[utoipa::path(get, path = "/api/campaigns/{campaign_id}", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign.")), responses(
    (status = 200, description = "The campaign.", body = CampaignView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
) -> Result<Versioned<CampaignView>, Problem> {
    Ok(versioned(api.engine.campaign(principal.tenant, id).await?))
}

/// Change a campaign
///
/// What is left out stays as it is. Calls that are open keep the settings they were opened with.
#[utoipa::path(put, path = "/api/campaigns/{campaign_id}", tag = "campaigns", request_body = CampaignChange,
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The campaign as it is now.", body = CampaignView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "It was stopped.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn update_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
    IfMatch(expected): IfMatch,
    Json(change): Json<CampaignChange>,
) -> Result<Response, Problem> {
    let is = api.engine.campaign(principal.tenant, id).await?;
    // What is left out was read at this version, so the change is of it.
    let expected = expected.unwrap_or(is.version);
    let settings = change.apply(is.settings.clone())?;
    let of = (id, Some(expected));
    let changed = api.engine.update_campaign(principal.tenant, of, &settings, api.clock.now()).await?;
    let change = Change::between(&CampaignView::from(is), &CampaignView::from(changed.clone()));
    Ok((Extension(change), versioned(changed)).into_response())
}

/// Delete a campaign
///
/// With its leads, as long as nobody was called for it.
#[utoipa::path(delete, path = "/api/campaigns/{campaign_id}", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign."),
           ("If-Match" = Option<String>, Header, description = "The ETag that is to be deleted.")), responses(
    (status = 204, description = "Deleted."),
    (status = 409, description = "It is active, or people were called for it.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn delete_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    api.engine.delete_campaign(principal.tenant, (id, expected), api.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Clone a campaign
///
/// Makes a draft with the same settings and no leads.
#[utoipa::path(post, path = "/api/campaigns/{campaign_id}/clone", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign to copy.")), responses(
    (status = 201, description = "The new campaign.", body = CampaignView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
))]
async fn clone_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
    NewId(new): NewId,
) -> Result<Response, Problem> {
    let mut settings = api.engine.campaign(principal.tenant, id).await?.settings;
    settings.name = format!("{} (copy)", settings.name).chars().take(200).collect();
    let campaign = api.engine.create_campaign(principal.tenant, CampaignId(new), &settings).await?;
    Ok(created(campaign))
}
