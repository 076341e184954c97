//! Caller ids: the numbers that campaigns may show.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::caller_ids::CallerId;
use warmline_workflows::{NumberId, phone};

use super::Api;
use super::auth::text;
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::NumberIdText;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_caller_ids, add_caller_id)).routes(routes!(remove_caller_id))
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
    created_at: Timestamp,
}

impl From<CallerId> for CallerIdView {
    fn from(is: CallerId) -> Self {
        Self { id: is.id, phone: is.phone, label: is.label, created_at: is.created_at }
    }
}

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
    let numbers = api.engine.caller_ids(principal.tenant, after, i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(numbers, limit, |number| number.id, CallerIdView::from)))
}

/// Add a caller id
///
/// From the first one on, campaigns may show the numbers of this list alone; those that show another keep it until
/// they are changed.
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
    let (phone, label) = (number("phone", &draft.phone)?, text("label", &draft.label, 0..=200)?);
    let added = api.engine.add_caller_id(principal.tenant, NumberId(id), (&phone, &label)).await?;
    let address = [(header::LOCATION, format!("/api/tenant/caller-ids/{}", added.id))];
    Ok((StatusCode::CREATED, address, axum::Json(CallerIdView::from(added))).into_response())
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
