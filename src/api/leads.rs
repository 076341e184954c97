//! Leads: looked up, added, changed, removed, explained.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::lead_book::Wanted;
use warmline_engine::leads::{Lead, NewLead};
use warmline_workflows::lead::{Priority, Status};
use warmline_workflows::rules::Permission;
use warmline_workflows::{CampaignId, LeadId, TenantId, phone, zones};

use super::Api;
use super::auth::{email, text};
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{CampaignIdText, LeadIdText, LeadStatusWord, PriorityWord};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_leads, create_lead))
        .routes(routes!(get_lead, update_lead, delete_lead))
        .routes(routes!(explain_lead))
}

const NOTES_CHARS_MAX: usize = 10_000;
const CUSTOM_FIELDS_MAX: usize = 100;

/// A lead: one person to reach.
#[derive(Serialize, ToSchema)]
#[schema(as = Lead)]
pub(super) struct LeadView {
    #[schema(value_type = LeadIdText)]
    id: LeadId,
    /// The campaign that calls it.
    #[schema(value_type = CampaignIdText)]
    campaign_id: CampaignId,
    /// Given name; null once erased, like everything that tells who it is.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// The number, E.164.
    phone: Option<String>,
    /// The number as it was given.
    phone_original: Option<String>,
    /// Address for mail.
    email: Option<String>,
    /// ISO 3166 code of the number's country.
    country: Option<String>,
    /// Where the number may be: it is called when it is lawful in all of these.
    time_zones: Vec<String>,
    /// What sort of lead it is, in the organisation's words.
    #[serde(rename = "type")]
    kind: Option<String>,
    #[schema(value_type = PriorityWord)]
    priority: Priority,
    /// Notes for the agent.
    notes: Option<String>,
    /// Everything else that is known of it.
    #[schema(value_type = Object)]
    custom: Map<String, Value>,
    #[schema(value_type = LeadStatusWord)]
    status: String,
    /// Calls that count against the campaign's maximum.
    attempts: i16,
    /// When it may be called next, at the earliest; null when it will not be called any more.
    next_call_at: Option<Timestamp>,
    /// Why it is not due earlier.
    waiting_for: Option<String>,
    /// The result of its last call.
    disposition: Option<String>,
    created_at: Timestamp,
}

impl From<Lead> for LeadView {
    fn from(lead: Lead) -> Self {
        let priority = lead.urgency();
        let person = lead.person;
        let known = |field: fn(&warmline_engine::vault::Person) -> &str| {
            person.as_ref().map(|person| field(person).to_owned())
        };
        Self {
            id: lead.id,
            campaign_id: lead.campaign,
            first_name: known(|person| &person.first_name),
            last_name: known(|person| &person.last_name),
            phone: known(|person| &person.phone),
            phone_original: known(|person| &person.phone_original),
            email: person.as_ref().and_then(|person| person.email.clone()),
            notes: person.as_ref().and_then(|person| person.notes.clone()),
            custom: person.map(|person| person.custom).unwrap_or_default(),
            country: lead.country,
            time_zones: lead.time_zones,
            kind: lead.kind,
            priority,
            status: lead.status,
            attempts: lead.attempts,
            next_call_at: lead.due_at,
            waiting_for: lead.waiting_for,
            disposition: lead.disposition,
            created_at: lead.created_at,
        }
    }
}

/// A lead to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "campaign_id": "cmp_0193642f2b0a7c10a3f4c0ffee000001", "first_name": "Sara", "last_name": "Ahmed",
    "phone": "+14155550171", "type": "carrier", "priority": "high", "notes": "VIP customer",
}))]
struct LeadDraft {
    /// The campaign that is to call it.
    #[schema(value_type = CampaignIdText)]
    campaign_id: CampaignId,
    /// The number: E.164, or as it is dialed in the country.
    phone: String,
    /// ISO 3166 code of the country that a number without a prefix is of; the campaign's when left out.
    #[schema(pattern = "^[A-Z]{2}$")]
    country: Option<String>,
    /// Given name, at most 200 characters.
    #[schema(max_length = 200)]
    first_name: Option<String>,
    /// Family name, at most 200 characters.
    #[schema(max_length = 200)]
    last_name: Option<String>,
    /// Address for mail.
    email: Option<String>,
    /// What sort of lead it is, in the organisation's words, at most 100 characters.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    kind: Option<String>,
    #[schema(value_type = Option<PriorityWord>)]
    priority: Option<Priority>,
    /// Notes for the agent, at most 10000 characters.
    #[schema(max_length = 10_000)]
    notes: Option<String>,
    /// Where the lead is, as a name in the IANA database, when that is known better than from the number.
    time_zone: Option<String>,
    /// Everything else, as texts, numbers or booleans; at most 100 fields.
    #[schema(value_type = Option<Object>)]
    custom: Option<Map<String, Value>>,
}

impl From<LeadDraft> for LeadChange {
    fn from(draft: LeadDraft) -> Self {
        let LeadDraft {
            country, first_name, last_name, email, kind, priority, notes, time_zone, custom, ..
        } = draft;
        let phone = Some(draft.phone);
        Self { first_name, last_name, phone, country, email, kind, priority, notes, time_zone, custom }
    }
}

/// A change of what is known of a lead. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "notes": "Prefers the afternoon", "priority": "urgent" }))]
struct LeadChange {
    /// Given name, at most 200 characters.
    #[schema(max_length = 200)]
    first_name: Option<String>,
    /// Family name, at most 200 characters.
    #[schema(max_length = 200)]
    last_name: Option<String>,
    /// The number: E.164, or as it is dialed in the country.
    phone: Option<String>,
    /// ISO 3166 code of the country that a number without a prefix is of; the campaign's when left out.
    #[schema(pattern = "^[A-Z]{2}$")]
    country: Option<String>,
    /// Address for mail.
    email: Option<String>,
    /// What sort of lead it is, in the organisation's words, at most 100 characters.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    kind: Option<String>,
    #[schema(value_type = Option<PriorityWord>)]
    priority: Option<Priority>,
    /// Notes for the agent, at most 10000 characters.
    #[schema(max_length = 10_000)]
    notes: Option<String>,
    /// Where the lead is, as a name in the IANA database, when that is known better than from the number.
    time_zone: Option<String>,
    /// Everything else, as texts, numbers or booleans; at most 100 fields.
    #[schema(value_type = Option<Object>)]
    custom: Option<Map<String, Value>>,
}

impl LeadChange {
    fn apply(self, mut is: NewLead, default_country: &str) -> Result<NewLead, Problem> {
        if let Some(name) = self.first_name {
            is.first_name = text("first_name", &name, 0..=200)?;
        }
        if let Some(name) = self.last_name {
            is.last_name = text("last_name", &name, 0..=200)?;
        }
        if self.country.is_some() && self.phone.is_none() {
            return Err(Problem::invalid("country", "it only says how to read `phone`: send that, too"));
        }
        if let Some(given) = &self.phone {
            let country = self.country.as_deref().unwrap_or(default_country);
            let number = phone::parse(given, country).map_err(|error| Problem::invalid("phone", error))?;
            is.time_zones = zones::of(&number).into_iter().map(str::to_owned).collect();
            is.phone_original.clone_from(given);
            is.country = Some(number.country);
            is.phone = number.e164;
        }
        if let Some(zone) = &self.time_zone {
            jiff::tz::TimeZone::get(zone)
                .map_err(|_| Problem::invalid("time_zone", "expected a name such as America/New_York"))?;
            is.time_zones = vec![zone.clone()];
        }
        if let Some(address) = self.email {
            is.email = if address.trim().is_empty() { None } else { Some(email("email", &address)?) };
        }
        if let Some(kind) = self.kind {
            is.kind = Some(text("type", &kind, 0..=100)?).filter(|kind| !kind.is_empty());
        }
        is.priority = self.priority.unwrap_or(is.priority);
        if let Some(notes) = self.notes {
            if notes.chars().count() > NOTES_CHARS_MAX {
                return Err(Problem::invalid(
                    "notes",
                    format!("expected at most {NOTES_CHARS_MAX} characters"),
                ));
            }
            is.notes = Some(notes).filter(|notes| !notes.trim().is_empty());
        }
        if let Some(custom) = self.custom {
            is.custom = plain_fields(custom)?;
        }
        Ok(is)
    }
}

fn plain_fields(custom: Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    if custom.len() > CUSTOM_FIELDS_MAX {
        return Err(Problem::invalid("custom", format!("expected at most {CUSTOM_FIELDS_MAX} fields")));
    }
    for (name, value) in &custom {
        let plain = match value {
            Value::String(text) => text.chars().count() <= NOTES_CHARS_MAX,
            Value::Number(_) | Value::Bool(_) | Value::Null => true,
            Value::Array(_) | Value::Object(_) => false,
        };
        if !plain || name.is_empty() || name.chars().count() > 200 {
            let why = "expected a text of at most 10000 characters, a number, a boolean or null";
            return Err(Problem::invalid(format!("custom.{name}"), why));
        }
    }
    Ok(custom)
}

fn nobody() -> NewLead {
    NewLead {
        first_name: String::new(),
        last_name: String::new(),
        email: None,
        phone_original: String::new(),
        phone: String::new(),
        country: None,
        time_zones: Vec::new(),
        kind: None,
        notes: None,
        priority: Priority::Normal,
        do_not_call: false,
        custom: Map::new(),
    }
}

/// Which leads to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LeadQuery {
    /// Only those of this campaign.
    #[param(value_type = Option<CampaignIdText>)]
    campaign_id: Option<CampaignId>,
    /// Only those that stand here.
    #[param(value_type = Option<LeadStatusWord>)]
    status: Option<Status>,
    /// Only those with this number; without a country code it is one of the organisation's country.
    phone: Option<String>,
    /// Only those whose names or address have every one of these words.
    search: Option<String>,
    /// The order: a leading minus turns it round.
    #[param(inline)]
    sort: Option<LeadSort>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
enum LeadSort {
    #[serde(rename = "created_at")]
    Oldest,
    #[serde(rename = "-created_at")]
    Newest,
}

/// List leads
///
/// Names are searched by whole words, since they are stored sealed.
#[utoipa::path(get, path = "/api/leads", tag = "leads", params(LeadQuery), responses(
    (status = 200, description = "A page of leads, the newest first.", body = Page<LeadView>),
))]
async fn list_leads(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<LeadQuery>,
) -> Result<axum::Json<Page<LeadView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let wanted = Wanted {
        campaign: asked.campaign_id,
        status: asked.status,
        phone: match asked.phone {
            Some(given) => Some(own_number(&api, principal.tenant, "phone", &given).await?),
            None => None,
        },
        words: asked.search.filter(|search| !search.trim().is_empty()),
        oldest_first: asked.sort == Some(LeadSort::Oldest),
        after: page::after(asked.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let leads = api.engine.leads(principal.tenant, &wanted).await?;
    Ok(axum::Json(Page::of(leads, limit, |lead| lead.id, LeadView::from)))
}

/// A number as it is matched, in E.164. Without a country code it is read as one of the organisation's country.
pub(super) fn e164(field: &str, given: &str, country: &str) -> Result<String, Problem> {
    // A plus in a query that was not escaped arrives as a blank.
    let international = format!("+{}", given.trim().trim_start_matches('+'));
    let number = if given.starts_with(['+', ' ']) {
        phone::parse(&international, country)
    } else {
        phone::parse(given, country).or_else(|error| phone::parse(&international, country).map_err(|_| error))
    };
    number.map(|number| number.e164).map_err(|error| Problem::invalid(field, error))
}

/// The same, with the organisation's country looked up.
pub(super) async fn own_number(
    api: &Api,
    tenant: TenantId,
    field: &str,
    given: &str,
) -> Result<String, Problem> {
    e164(field, given, &home_country(api, tenant).await?)
}

/// The country that an organisation's numbers are of when they do not say so.
pub(super) async fn home_country(api: &Api, tenant: TenantId) -> Result<String, Problem> {
    Ok(api.engine.tenant(tenant).await?.settings.default_country)
}

/// Add a lead
///
/// A number on the do-not-call list is stored and not called.
#[utoipa::path(post, path = "/api/leads", tag = "leads", request_body = LeadDraft, responses(
    (status = 201, description = "The lead.", body = LeadView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
    (status = 404, description = "There is no such campaign.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 409, description = "The campaign has a lead with this number.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn create_lead(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<LeadDraft>,
) -> Result<Response, Problem> {
    let (campaign, id) = (draft.campaign_id, LeadId(id));
    let country = api.engine.default_country(principal.tenant, campaign).await?;
    let lead = LeadChange::from(draft).apply(nobody(), &country)?;
    let added = api.engine.add_lead(principal.tenant, (campaign, id), &lead, api.clock.now()).await?;
    let location = [(axum::http::header::LOCATION, format!("/api/leads/{id}"))];
    Ok((StatusCode::CREATED, location, versioned(added)).into_response())
}

fn versioned(lead: Lead) -> Versioned<LeadView> {
    Versioned { version: lead.version, body: lead.into() }
}

/// Get a lead
#[utoipa::path(get, path = "/api/leads/{lead_id}", tag = "leads",
    params(("lead_id" = inline(LeadIdText), Path, description = "The lead.")), responses(
    (status = 200, description = "The lead.", body = LeadView, headers(("ETag" = String, description = "Its version."))),
))]
async fn get_lead(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<LeadId>,
) -> Result<Versioned<LeadView>, Problem> {
    Ok(versioned(api.engine.lead(principal.tenant, id).await?))
}

/// Change a lead
///
/// What is left out stays as it is. A call that is open keeps what it was opened with.
#[utoipa::path(put, path = "/api/leads/{lead_id}", tag = "leads", request_body = LeadChange,
    params(("lead_id" = inline(LeadIdText), Path, description = "The lead."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The lead as it is now.", body = LeadView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "The campaign has another lead with the number, or the lead was erased.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn update_lead(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<LeadId>,
    IfMatch(expected): IfMatch,
    Json(change): Json<LeadChange>,
) -> Result<Versioned<LeadView>, Problem> {
    let is = api.engine.lead(principal.tenant, id).await?;
    // What is left out was read at this version, so the change is of it.
    let expected = expected.unwrap_or(is.version);
    let country = api.engine.default_country(principal.tenant, is.campaign).await?;
    let erased = || {
        let detail = "the lead was erased: nothing is known of it any more";
        Problem::new(StatusCode::CONFLICT, "refused", detail)
    };
    let known = as_new(&is).ok_or_else(erased)?;
    let lead = change.apply(known, &country)?;
    let of = (id, Some(expected));
    Ok(versioned(api.engine.update_lead(principal.tenant, of, &lead, api.clock.now()).await?))
}

/// What is known of a lead, as a change begins with it; none once erased.
fn as_new(lead: &Lead) -> Option<NewLead> {
    let person = lead.person.clone()?;
    Some(NewLead {
        first_name: person.first_name,
        last_name: person.last_name,
        email: person.email,
        phone_original: person.phone_original,
        phone: person.phone,
        country: lead.country.clone(),
        time_zones: lead.time_zones.clone(),
        kind: lead.kind.clone(),
        notes: person.notes,
        priority: lead.urgency(),
        do_not_call: false,
        custom: person.custom,
    })
}

/// How to remove a lead.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Removal {
    /// Erases everything that tells who it is, for good, and keeps a digest so that the number is never
    /// called again.
    #[serde(default)]
    erase: bool,
}

/// Remove a lead
///
/// One that was called can only be erased: what happened is kept, without a name or a number.
#[utoipa::path(delete, path = "/api/leads/{lead_id}", tag = "leads",
    params(("lead_id" = inline(LeadIdText), Path, description = "The lead."), Removal), responses(
    (status = 204, description = "Removed, or erased."),
    (status = 409, description = "It was called: erase it instead.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn delete_lead(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<LeadId>,
    Query(removal): Query<Removal>,
) -> Result<StatusCode, Problem> {
    if removal.erase {
        api.engine.erase_lead(principal.tenant, id, api.clock.now()).await?;
    } else {
        api.engine.delete_lead(principal.tenant, id, api.clock.now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Why a lead is not being dialed, and when it may be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Explanation {
    #[serde(flatten)]
    permission: PermissionView,
    /// Calls that could be opened for its campaign at this moment: 0 when no agent is free, or no caller id left.
    dials_now: u32,
}

/// What the rules of dialing say.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionView {
    /// `allow`; `deny_until` with the first instant at which it is allowed as things stand; or
    /// `deny_forever`, which time alone does not lift.
    #[schema(example = "deny_until")]
    permission: &'static str,
    /// The rule that denies it, as a word.
    #[schema(example = "outside_calling_hours")]
    rule: Option<&'static str>,
    /// The same as a sentence.
    #[schema(example = "The calling hours of the campaign are over for now.")]
    sentence: Option<String>,
    /// The first instant at which it is allowed.
    at: Option<Timestamp>,
}

impl From<&Permission> for PermissionView {
    fn from(permission: &Permission) -> Self {
        let (word, reason, at) = match permission {
            Permission::Allow => ("allow", None, None),
            Permission::DenyUntil { at, reason } => ("deny_until", Some(reason), Some(*at)),
            Permission::DenyForever { reason } => ("deny_forever", Some(reason), None),
        };
        let (rule, sentence) = (reason.map(|reason| reason.as_str()), reason.map(|reason| reason.explain()));
        Self { permission: word, rule, sentence, at }
    }
}

/// Explain a lead
///
/// The answer of the rules that decide every dial, on the facts of this moment.
#[utoipa::path(get, path = "/api/leads/{lead_id}/explain", tag = "leads",
    params(("lead_id" = inline(LeadIdText), Path, description = "The lead.")), responses(
    (status = 200, description = "What the rules say.", body = Explanation),
))]
async fn explain_lead(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<LeadId>,
) -> Result<axum::Json<Explanation>, Problem> {
    let explained = api.engine.explain_lead(principal.tenant, id, api.clock.now()).await?;
    let permission = PermissionView::from(&explained.permission);
    Ok(axum::Json(Explanation { permission, dials_now: explained.dials_now }))
}
