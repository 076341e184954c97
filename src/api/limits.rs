//! Limits: what an organisation may spend, and which countries it calls.

use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_workflows::{Role, TenantId, phone};

use super::Api;
use super::extract::{Id, Json};
use super::money;
use super::principal::Principal;
use super::schema::TenantIdText;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_limits, update_limits))
        .routes(routes!(get_any_limits, update_any_limits))
}

/// What the organisation may spend, and whom it may call. Money is in US dollars, as decimals in texts.
#[derive(Debug, Serialize, ToSchema)]
struct Limits {
    /// ISO 3166 codes of the countries that are dialed; null for all.
    allowed_countries: Option<Vec<String>>,
    /// At most so much a day, by UTC; null for no cap.
    #[schema(example = "50.00")]
    daily_spend_cap: Option<String>,
    /// At most so much a month; null for no cap.
    #[schema(example = "900.00")]
    monthly_spend_cap: Option<String>,
    /// Spent today, as far as it is known; counted only where there is a cap.
    #[schema(example = "12.34")]
    spent_today: String,
    /// Spent this month.
    #[schema(example = "123.45")]
    spent_this_month: String,
    /// Set aside for calls in flight.
    #[schema(example = "0.34")]
    reserved: String,
    /// Whether a cap is reached: nobody is dialed.
    capped: bool,
}

/// A change of the limits. What is left out stays as it is; null lifts a limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "allowed_countries": ["US", "CA"], "daily_spend_cap": "50.00" }))]
struct LimitsChange {
    /// ISO 3166 codes of the countries that are dialed.
    #[serde(default, deserialize_with = "money::given")]
    allowed_countries: Option<Option<Vec<String>>>,
    /// At most so much a day. Only an operator may raise or lift it.
    #[serde(default, deserialize_with = "money::given")]
    daily_spend_cap: Option<Option<String>>,
    /// At most so much a month. Only an operator may raise or lift it.
    #[serde(default, deserialize_with = "money::given")]
    monthly_spend_cap: Option<Option<String>>,
}

/// Get the limits
#[utoipa::path(get, path = "/api/limits", tag = "limits", responses(
    (status = 200, description = "The limits, and what was spent.", body = Limits),
))]
async fn get_limits(State(api): State<Api>, principal: Principal) -> Result<axum::Json<Limits>, Problem> {
    limits(&api, principal.tenant).await.map(axum::Json)
}

async fn limits(api: &Api, tenant: TenantId) -> Result<Limits, Problem> {
    let budget = api.engine.budget(tenant).await?;
    Ok(Limits {
        allowed_countries: api.engine.allowed_countries(tenant).await?,
        daily_spend_cap: budget.daily_cap_micros.map(money::show),
        monthly_spend_cap: budget.monthly_cap_micros.map(money::show),
        spent_today: money::show(budget.day_micros),
        spent_this_month: money::show(budget.month_micros),
        reserved: money::show(budget.reserved_micros),
        capped: budget.capped,
    })
}

/// Change the limits
///
/// A lower cap takes effect within seconds: when it is reached, nobody is dialed and live calls are ended.
#[utoipa::path(put, path = "/api/limits", tag = "limits", request_body = LimitsChange, responses(
    (status = 200, description = "The limits as they are now.", body = Limits),
))]
async fn update_limits(
    State(api): State<Api>,
    principal: Principal,
    Json(change): Json<LimitsChange>,
) -> Result<axum::Json<Limits>, Problem> {
    update(&api, (principal.tenant, principal.role), change).await.map(axum::Json)
}

/// Get the limits of an organisation
#[utoipa::path(get, path = "/api/tenants/{tenant_id}/limits", tag = "tenants",
    params(("tenant_id" = inline(TenantIdText), Path, description = "The organisation.")), responses(
    (status = 200, description = "The limits, and what was spent.", body = Limits),
))]
async fn get_any_limits(State(api): State<Api>, Id(id): Id<TenantId>) -> Result<axum::Json<Limits>, Problem> {
    api.engine.tenant(id).await?;
    limits(&api, id).await.map(axum::Json)
}

/// Change the limits of an organisation
///
/// The way to raise or lift a cap.
#[utoipa::path(put, path = "/api/tenants/{tenant_id}/limits", tag = "tenants", request_body = LimitsChange,
    params(("tenant_id" = inline(TenantIdText), Path, description = "The organisation.")), responses(
    (status = 200, description = "The limits as they are now.", body = Limits),
))]
async fn update_any_limits(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<TenantId>,
    Json(change): Json<LimitsChange>,
) -> Result<axum::Json<Limits>, Problem> {
    api.engine.tenant(id).await?;
    update(&api, (id, principal.role), change).await.map(axum::Json)
}

async fn update(
    api: &Api,
    (tenant, role): (TenantId, Role),
    change: LimitsChange,
) -> Result<Limits, Problem> {
    let is = api.engine.budget(tenant).await?;
    let daily = cap("daily_spend_cap", change.daily_spend_cap, (is.daily_cap_micros, role))?;
    let monthly = cap("monthly_spend_cap", change.monthly_spend_cap, (is.monthly_cap_micros, role))?;
    if let Some(countries) = change.allowed_countries {
        for code in countries.iter().flatten() {
            if let Err(phone::PhoneError::UnknownCountry(_)) = phone::parse("", code) {
                return Err(Problem::invalid("allowed_countries", format!("`{code}` is no country")));
            }
        }
        api.engine.set_allowed_countries(tenant, countries.as_deref()).await?;
    }
    if (daily, monthly) != (is.daily_cap_micros, is.monthly_cap_micros) {
        api.engine.set_budget(tenant, (daily, monthly), (Timestamp::now(), api.clock.now())).await?;
    }
    limits(api, tenant).await
}

/// The cap as it will be. A stolen login must not lift it.
fn cap(
    field: &str,
    asked: Option<Option<String>>,
    (is, role): (Option<i64>, Role),
) -> Result<Option<i64>, Problem> {
    let Some(asked) = asked else { return Ok(is) };
    let to = asked.map(|amount| money::read(field, &amount)).transpose()?;
    let lower = match (is, to) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(is), Some(to)) => to <= is,
    };
    if lower || role.covers(Role::Admin) {
        return Ok(to);
    }
    let detail = format!("{field}: only an operator of the installation may raise or lift it");
    Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "forbidden", detail))
}
