//! Caller ids: the numbers that campaigns may show.

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::caller_ids::{CallerId, Terms};
use warmline_workflows::{NumberId, phone};

use super::Api;
use super::auth::text;
use super::change::Change;
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::money;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::NumberIdText;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_caller_ids, add_caller_id))
        .routes(routes!(update_caller_id, remove_caller_id))
}

/// A number that campaigns may show.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallerId)]
struct CallerIdView {
    #[schema(value_type = NumberIdText)]
    id: NumberId,
    /// The number, E.164.
    phone: String,
    /// What people call it.
    label: String,
    /// Calls to leads that are opened with it in a day of the organisation, at most; null for any number.
    daily_cap: Option<i32>,
    /// Calls to leads that were opened with it today.
    calls_today: i32,
    /// Whether the carrier lists it as one that the account may show; null while it has not been asked. Only a
    /// number that it lists is dialed from.
    listed: Option<bool>,
    /// When the carrier was asked last.
    checked_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<CallerId> for CallerIdView {
    fn from(is: CallerId) -> Self {
        let CallerId { id, phone, label, daily_cap, calls_today, listed, checked_at, created_at } = is;
        Self { id, phone, label, daily_cap, calls_today, listed, checked_at, created_at }
    }
}

/// Calls a day with a number that nobody has said otherwise of: more make carriers take it for a nuisance.
const DAILY_CAP: i32 = 100;

/// A number to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCallerId, example = json!({ "phone": "+12125550100", "label": "New York office" }))]
struct CallerIdDraft {
    /// The number, E.164. The carrier must let the account show it.
    phone: String,
    /// What people call it, at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    label: String,
    /// Calls to leads in a day of the organisation, 1 to 100000, or null for any number; 100 when left out.
    #[serde(default, deserialize_with = "money::given")]
    #[schema(minimum = 1, maximum = 100_000, value_type = Option<i32>)]
    daily_cap: Option<Option<i32>>,
}

/// A change of a number. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallerIdChange, example = json!({ "daily_cap": 75 }))]
struct CallerIdChange {
    /// What people call it, at most 200 characters.
    #[schema(max_length = 200)]
    label: Option<String>,
    /// Calls to leads in a day of the organisation, 1 to 100000, or null for any number.
    #[serde(default, deserialize_with = "money::given")]
    #[schema(minimum = 1, maximum = 100_000, value_type = Option<i32>)]
    daily_cap: Option<Option<i32>>,
}

fn daily_cap(cap: Option<i32>) -> Result<Option<i32>, Problem> {
    if cap.is_none_or(|cap| (1..=100_000).contains(&cap)) {
        return Ok(cap);
    }
    Err(Problem::invalid("daily_cap", "expected 1 to 100000 calls, or null"))
}

/// A number in E.164 form.
pub(super) fn number(field: &str, text: &str) -> Result<String, Problem> {
    // It has its prefix: the country is not looked at.
    phone::parse(text, "US")
        .ok()
        .filter(|_| text.starts_with('+'))
        .map(|number| number.e164)
        .ok_or_else(|| Problem::invalid(field, "expected a number in E.164 form, such as +12125550100"))
}

/// Which numbers to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CallerIdQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List caller ids
#[utoipa::path(get, path = "/api/tenant/caller-ids", tag = "tenant", params(CallerIdQuery), responses(
    (status = 200, description = "A page of numbers, in the order in which they came.", body = Page<CallerIdView>),
))]
async fn list_caller_ids(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<CallerIdQuery>,
) -> Result<axum::Json<Page<CallerIdView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after = page::after(asked.cursor.as_deref())?;
    let page = (after, i64::from(limit) + 1);
    let numbers = api.engine.caller_ids(principal.tenant, page, api.clock.now()).await?;
    Ok(axum::Json(Page::of(numbers, limit, |number| number.id, CallerIdView::from)))
}

/// Add a caller id
///
/// From the first one on, campaigns show the numbers of this list alone. Those that show another keep it, and nobody is
/// dialed from it, until they are changed. A number is dialed from once the carrier was seen to list it, a second or
/// two after it was added; the carrier is asked again every five minutes.
#[utoipa::path(post, path = "/api/tenant/caller-ids", tag = "tenant", request_body = CallerIdDraft, responses(
    (status = 201, description = "The number.", body = CallerIdView,
     headers(("Location" = String, description = "Its address."))),
    (status = 409, description = "The organisation has it already.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn add_caller_id(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<CallerIdDraft>,
) -> Result<Response, Problem> {
    let phone = number("phone", &draft.phone)?;
    let terms = Terms {
        label: text("label", &draft.label, 0..=200)?,
        daily_cap: daily_cap(draft.daily_cap.unwrap_or(Some(DAILY_CAP)))?,
    };
    let new = (phone.as_str(), &terms);
    let added = api.engine.add_caller_id(principal.tenant, NumberId(id), new, api.clock.now()).await?;
    let address = [(header::LOCATION, format!("/api/tenant/caller-ids/{}", added.id))];
    Ok((StatusCode::CREATED, address, axum::Json(CallerIdView::from(added))).into_response())
}

/// Change a caller id
///
/// What is left out stays as it is. A cap counts from the next call on; calls that were opened today count, too.
#[utoipa::path(put, path = "/api/tenant/caller-ids/{number_id}", tag = "tenant", request_body = CallerIdChange,
    params(("number_id" = inline(NumberIdText), Path, description = "The number's id.")), responses(
    (status = 200, description = "The number as it is now.", body = CallerIdView),
))]
async fn update_caller_id(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<NumberId>,
    Json(change): Json<CallerIdChange>,
) -> Result<Response, Problem> {
    let now = api.clock.now();
    let is = api.engine.caller_id(principal.tenant, id, now).await?;
    let terms = Terms {
        label: match change.label {
            Some(label) => text("label", &label, 0..=200)?,
            None => is.label.clone(),
        },
        daily_cap: change.daily_cap.map_or(Ok(is.daily_cap), daily_cap)?,
    };
    let changed = api.engine.update_caller_id((principal.tenant, id), &terms, now).await?;
    let view = CallerIdView::from(changed);
    let change = Change::between(&CallerIdView::from(is), &view);
    Ok((Extension(change), axum::Json(view)).into_response())
}

/// Remove a caller id
#[utoipa::path(delete, path = "/api/tenant/caller-ids/{number_id}", tag = "tenant",
    params(("number_id" = inline(NumberIdText), Path, description = "The number's id.")), responses(
    (status = 204, description = "Removed."),
    (status = 409, description = "A campaign that is not stopped shows it.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn remove_caller_id(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<NumberId>,
) -> Result<StatusCode, Problem> {
    api.engine.remove_caller_id(principal.tenant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
