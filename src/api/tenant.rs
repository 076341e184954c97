//! One's own organisation: what it settles for itself.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::tenants::{Settings, Tenant};
use warmline_workflows::TenantId;

use super::Api;
use super::auth::text;
use super::change::Change;
use super::etag::{IfMatch, Versioned};
use super::extract::Json;
use super::money;
use super::principal::Principal;
use super::schema::TenantIdText;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_tenant, update_tenant))
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(super) struct TenantView {
    #[schema(value_type = TenantIdText)]
    id: TenantId,
    /// As shown to people.
    name: String,
    /// Whether anybody may log in and anybody is called.
    enabled: bool,
    /// IANA name of the zone that days and hours of its reports are counted in.
    time_zone: String,
    /// ISO 3166 code that new campaigns begin with.
    default_country: String,
    /// Days that recordings are kept; null for as long as their calls.
    recording_days: Option<i32>,
    /// Calls at once, over all campaigns.
    max_concurrent_calls: u32,
    /// People who can log in, open invitations included.
    max_users: u32,
    /// Campaigns that are not stopped.
    max_campaigns: u32,
    created_at: Timestamp,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.id,
            name: tenant.settings.name,
            enabled: tenant.terms.enabled,
            time_zone: tenant.settings.time_zone,
            default_country: tenant.settings.default_country,
            recording_days: tenant.settings.recording_days,
            max_concurrent_calls: tenant.terms.max_concurrent_calls,
            max_users: tenant.terms.max_users,
            max_campaigns: tenant.terms.max_campaigns,
            created_at: tenant.created_at,
        }
    }
}

/// The answer that shows an organisation.
pub(super) fn versioned(tenant: Tenant) -> Versioned<TenantView> {
    Versioned { version: tenant.version, body: tenant.into() }
}

/// The answer that shows an organisation after a change, with what the log is to say of it.
pub(super) fn changed(before: Tenant, after: Tenant) -> Response {
    let change = Change::between(&TenantView::from(before), &TenantView::from(after.clone()));
    (Extension(change), versioned(after)).into_response()
}

/// A change of one's own organisation. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Demo Freight Brokers", "time_zone": "America/Chicago" }))]
struct TenantChange {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// IANA name of the zone that days and hours of its reports are counted in.
    time_zone: Option<String>,
    /// ISO 3166 code that new campaigns begin with.
    default_country: Option<String>,
    /// Days that recordings are kept, 1 to 36500; null for as long as their calls. What is older is deleted.
    #[serde(default, deserialize_with = "money::given")]
    #[schema(minimum = 1, maximum = 36_500, value_type = Option<i32>)]
    recording_days: Option<Option<i32>>,
}

/// Get one's organisation
#[utoipa::path(get, path = "/api/tenant", tag = "tenant", responses(
    (status = 200, description = "The organisation.", body = TenantView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_tenant(State(api): State<Api>, principal: Principal) -> Result<Versioned<TenantView>, Problem> {
    Ok(versioned(api.engine.tenant(principal.tenant).await?))
}

/// Change one's organisation
///
/// What is left out stays as it is. How much it may do is the operator's to say.
#[utoipa::path(put, path = "/api/tenant", tag = "tenant", request_body = TenantChange,
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The organisation as it is now.", body = TenantView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn update_tenant(
    State(api): State<Api>,
    principal: Principal,
    IfMatch(expected): IfMatch,
    Json(change): Json<TenantChange>,
) -> Result<Response, Problem> {
    let is = api.engine.tenant(principal.tenant).await?;
    let settings = is.settings.clone();
    let settings = Settings {
        name: change.name.map_or(Ok(settings.name), |name| text("name", &name, 1..=200))?,
        time_zone: change.time_zone.map_or(Ok(settings.time_zone), |zone| time_zone(&zone))?,
        default_country: change
            .default_country
            .map_or(Ok(settings.default_country), |code| country("default_country", &code))?,
        recording_days: change.recording_days.map_or(Ok(settings.recording_days), recording_days)?,
    };
    // What is left out was read at this version, so the change is of it.
    let of = (is.id, expected.unwrap_or(is.version));
    let after = api.engine.update_tenant(of, &settings, &is.terms).await?;
    Ok(changed(is, after))
}

fn recording_days(days: Option<i32>) -> Result<Option<i32>, Problem> {
    if days.is_none_or(|days| (1..=36_500).contains(&days)) {
        return Ok(days);
    }
    Err(Problem::invalid("recording_days", "expected 1 to 36500 days, or null"))
}

fn time_zone(name: &str) -> Result<String, Problem> {
    match jiff::tz::TimeZone::get(name) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or(name).to_owned()),
        Err(_) => Err(Problem::invalid(
            "time_zone",
            "expected the IANA name of a time zone, such as America/New_York",
        )),
    }
}

/// The code of a country.
pub(super) fn country(field: &str, code: &str) -> Result<String, Problem> {
    let known = code.len() == 2 && code.chars().all(|char| char.is_ascii_uppercase());
    if known {
        return Ok(code.to_owned());
    }
    Err(Problem::invalid(field, "expected an ISO 3166 code of two capital letters, such as US"))
}
