//! The do-not-call list of an organisation.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::dnc_book::Listed;

use super::Api;
use super::auth::text;
use super::extract::{Json, Query};
use super::leads::{e164, home_country, own_number};
use super::page::{self, Page};
use super::principal::{Actor, Principal};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_dnc, add_dnc, remove_dnc))
        .routes(routes!(add_dnc_bulk))
        .routes(routes!(check_dnc))
}

/// Numbers that are listed at once.
const BULK_MAX: usize = 10_000;

/// A number that must not be called.
#[derive(Serialize, ToSchema)]
#[schema(as = DoNotCall)]
struct ListedView {
    /// The number, E.164; null when its person was erased and only a digest is kept.
    phone: Option<String>,
    /// Why it is on the list.
    reason: Option<String>,
    /// Where it came from: `user`, `api`, `manual`, `import`, `erasure` or `agent`.
    source: String,
    added_at: Timestamp,
}

impl From<Listed> for ListedView {
    fn from(listed: Listed) -> Self {
        Self { phone: listed.phone, reason: listed.reason, source: listed.source, added_at: listed.added_at }
    }
}

/// A number to be listed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "phone": "+14155550123", "reason": "asked for it on the phone" }))]
struct Listing {
    /// The number; without a country code it is one of the organisation's country.
    phone: String,
    /// Why, at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// Numbers to be listed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "phones": ["+14155550123", "+442079460123"], "reason": "opt-outs of October" }))]
struct BulkListing {
    /// The numbers, 1 to 10000 of them; without a country code they are of the organisation's country.
    #[schema(min_items = 1, max_items = 10_000)]
    phones: Vec<String>,
    /// Why, at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct BulkListed {
    /// Numbers that were not on the list before.
    added: u64,
    /// Numbers that were on it already.
    already_listed: u64,
}

/// Which page of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// Which number.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NumberQuery {
    /// The number; without a country code it is one of the organisation's country.
    #[param(example = "+14155550123")]
    phone: String,
}

/// Whether a number may be called, as far as the list goes.
#[derive(Serialize, ToSchema)]
struct Check {
    /// The number as it was understood, E.164.
    phone: String,
    /// Whether it is on the list.
    listed: bool,
    /// What the list says of it.
    entry: Option<ListedView>,
}

/// List do-not-call numbers
#[utoipa::path(get, path = "/api/dnc", tag = "do-not-call", params(ListQuery), responses(
    (status = 200, description = "A page of the list, the latest first.", body = Page<ListedView>),
))]
async fn list_dnc(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<ListQuery>,
) -> Result<axum::Json<Page<ListedView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after = page::after(asked.cursor.as_deref())?;
    let listed = api.engine.listed_numbers(principal.tenant, after, i64::from(limit) + 1).await?;
    let place = |listed: &Listed| (listed.added_at, listed.digest.clone());
    Ok(axum::Json(Page::of(listed, limit, place, ListedView::from)))
}

/// List a number
///
/// It takes effect at once, in every campaign: leads with the number are closed, and calls to it that
/// are queued, ringing or waiting are ended. A number that is listed already stays as it is.
#[utoipa::path(post, path = "/api/dnc", tag = "do-not-call", request_body = Listing, responses(
    (status = 200, description = "It was on the list already.", body = ListedView),
    (status = 201, description = "It is on the list.", body = ListedView),
))]
async fn add_dnc(
    State(api): State<Api>,
    principal: Principal,
    Json(listing): Json<Listing>,
) -> Result<Response, Problem> {
    let phone = own_number(&api, principal.tenant, "phone", &listing.phone).await?;
    let reason = text("reason", &listing.reason, 0..=500)?;
    let numbers = [phone.clone()];
    let added = api
        .engine
        .list_numbers(principal.tenant, &numbers, (&reason, source(&principal)), api.clock.now())
        .await?;
    let listed = api.engine.listed_number(principal.tenant, &phone).await?.ok_or_else(Problem::internal)?;
    let status = if added > 0 { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(ListedView::from(listed))).into_response())
}

/// Where an entry is from: a person, or a program.
const fn source(principal: &Principal) -> &'static str {
    match principal.actor {
        Actor::User { .. } => "user",
        Actor::Key(_) => "api",
    }
}

/// List many numbers
///
/// All or none: one that cannot be read refuses the request.
#[utoipa::path(post, path = "/api/dnc/bulk", tag = "do-not-call", request_body = BulkListing, responses(
    (status = 200, description = "They are on the list.", body = BulkListed),
))]
async fn add_dnc_bulk(
    State(api): State<Api>,
    principal: Principal,
    Json(listing): Json<BulkListing>,
) -> Result<axum::Json<BulkListed>, Problem> {
    if listing.phones.is_empty() || listing.phones.len() > BULK_MAX {
        return Err(Problem::invalid("phones", format!("expected 1 to {BULK_MAX} numbers")));
    }
    let reason = text("reason", &listing.reason, 0..=500)?;
    let country = home_country(&api, principal.tenant).await?;
    let mut phones = listing
        .phones
        .iter()
        .enumerate()
        .map(|(n, phone)| e164(&format!("phones[{n}]"), phone, &country))
        .collect::<Result<Vec<_>, _>>()?;
    phones.sort_unstable();
    phones.dedup();
    let added = api
        .engine
        .list_numbers(principal.tenant, &phones, (&reason, source(&principal)), api.clock.now())
        .await?;
    Ok(axum::Json(BulkListed { added, already_listed: phones.len() as u64 - added }))
}

/// Check a number
#[utoipa::path(get, path = "/api/dnc/check", tag = "do-not-call", params(NumberQuery), responses(
    (status = 200, description = "Whether it is on the list.", body = Check),
))]
async fn check_dnc(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<NumberQuery>,
) -> Result<axum::Json<Check>, Problem> {
    let phone = own_number(&api, principal.tenant, "phone", &asked.phone).await?;
    let entry = api.engine.listed_number(principal.tenant, &phone).await?.map(ListedView::from);
    Ok(axum::Json(Check { phone, listed: entry.is_some(), entry }))
}

/// Take a number off the list
///
/// Leads that it closed stay closed. The number of a person who was erased stays on the list for good.
#[utoipa::path(delete, path = "/api/dnc", tag = "do-not-call", params(NumberQuery), responses(
    (status = 204, description = "It is not on the list any more."),
    (status = 404, description = "It was not on the list.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 409, description = "Its person was erased.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn remove_dnc(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<NumberQuery>,
) -> Result<StatusCode, Problem> {
    let phone = own_number(&api, principal.tenant, "phone", &asked.phone).await?;
    if api.engine.unlist_number(principal.tenant, &phone, api.clock.now()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found("number on the list"))
}
