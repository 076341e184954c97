//! The organisations of the installation, for its operators.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::tenants::{Settings, Terms, Wanted};
use warmline_workflows::{Role, TenantId};

use super::Api;
use super::auth::text;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::invitations::{NewInvitationView, invite};
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::TenantIdText;
use super::tenant::{TenantView, changed, versioned};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_tenants, create_tenant))
        .routes(routes!(get_any_tenant, update_any_tenant))
        .routes(routes!(invite_tenant_admin))
}

/// An organisation to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Demo Freight Brokers", "max_concurrent_calls": 20 }))]
struct TenantDraft {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Calls at once, over all campaigns; what the installation usually allows when left out.
    #[schema(minimum = 0, maximum = 100_000)]
    max_concurrent_calls: Option<u32>,
}

/// A change of an organisation. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "max_concurrent_calls": 50 }))]
struct TenantTermsChange {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Whether anybody may log in and anybody is called.
    enabled: Option<bool>,
    /// Calls at once, over all campaigns.
    #[schema(minimum = 0, maximum = 100_000)]
    max_concurrent_calls: Option<u32>,
    /// People who can log in, open invitations included.
    #[schema(minimum = 1, maximum = 100_000)]
    max_users: Option<u32>,
    /// Campaigns that are not stopped.
    #[schema(minimum = 0, maximum = 100_000)]
    max_campaigns: Option<u32>,
}

/// Who is to run an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ana@example.com", "name": "Ana Lima" }))]
struct TenantAdminDraft {
    /// The address that will log in.
    email: String,
    /// As shown to people, at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
}

fn count(field: &str, count: u32, least: u32) -> Result<u32, Problem> {
    if (least..=100_000).contains(&count) {
        return Ok(count);
    }
    Err(Problem::invalid(field, format!("expected {least} to 100000")))
}

/// Which organisations to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TenantQuery {
    /// Only those whose name begins like this.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List organisations
#[utoipa::path(get, path = "/api/tenants", tag = "tenants", params(TenantQuery), responses(
    (status = 200, description = "A page of organisations, in the order in which they came.",
     body = Page<TenantView>),
))]
async fn list_tenants(
    State(api): State<Api>,
    Query(asked): Query<TenantQuery>,
) -> Result<axum::Json<Page<TenantView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let search = asked.search.map(|search| text("search", &search, 0..=200)).transpose()?;
    let after = page::after(asked.cursor.as_deref())?;
    let wanted = Wanted { search, after, limit: i64::from(limit) + 1 };
    let tenants = api.engine.tenants(&wanted).await?;
    Ok(axum::Json(Page::of(tenants, limit, |tenant| tenant.id, TenantView::from)))
}

/// Create an organisation
///
/// Nobody can log in to it before somebody was invited to run it.
#[utoipa::path(post, path = "/api/tenants", tag = "tenants", request_body = TenantDraft, responses(
    (status = 201, description = "The organisation.", body = TenantView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
))]
async fn create_tenant(
    State(api): State<Api>,
    NewId(id): NewId,
    Json(draft): Json<TenantDraft>,
) -> Result<Response, Problem> {
    let name = text("name", &draft.name, 1..=200)?;
    let at_once = draft.max_concurrent_calls.unwrap_or(api.settings.defaults.max_concurrent_calls);
    let at_once = count("max_concurrent_calls", at_once, 0)?;
    let tenant = api.engine.create_tenant(TenantId(id), &name, at_once).await?;
    let address = [(header::LOCATION, format!("/api/tenants/{}", tenant.id))];
    Ok((StatusCode::CREATED, address, versioned(tenant)).into_response())
}

/// Get an organisation
#[utoipa::path(get, path = "/api/tenants/{tenant_id}", tag = "tenants",
    params(("tenant_id" = inline(TenantIdText), Path, description = "The organisation.")), responses(
    (status = 200, description = "The organisation.", body = TenantView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_any_tenant(
    State(api): State<Api>,
    Id(id): Id<TenantId>,
) -> Result<Versioned<TenantView>, Problem> {
    Ok(versioned(api.engine.tenant(id).await?))
}

/// Change an organisation
///
/// What is left out stays as it is. Once it is disabled nobody of it is called any more, and everybody is logged
/// out within half a minute.
#[utoipa::path(put, path = "/api/tenants/{tenant_id}", tag = "tenants", request_body = TenantTermsChange,
    params(("tenant_id" = inline(TenantIdText), Path, description = "The organisation."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The organisation as it is now.", body = TenantView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "It is one's own, and would be disabled.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn update_any_tenant(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<TenantId>,
    IfMatch(expected): IfMatch,
    Json(change): Json<TenantTermsChange>,
) -> Result<Response, Problem> {
    let is = api.engine.tenant(id).await?;
    let allows = is.terms;
    let number =
        |field, asked: Option<u32>, is, least| asked.map_or(Ok(is), |asked| count(field, asked, least));
    let terms = Terms {
        enabled: change.enabled.unwrap_or(allows.enabled),
        max_concurrent_calls: number(
            "max_concurrent_calls",
            change.max_concurrent_calls,
            allows.max_concurrent_calls,
            0,
        )?,
        max_users: number("max_users", change.max_users, allows.max_users, 1)?,
        max_campaigns: number("max_campaigns", change.max_campaigns, allows.max_campaigns, 0)?,
    };
    if id == principal.tenant && !terms.enabled {
        let detail = "this is your own organisation: nobody could enable it again";
        return Err(Problem::new(StatusCode::CONFLICT, "refused", detail));
    }
    let name =
        change.name.map_or_else(|| Ok(is.settings.name.clone()), |name| text("name", &name, 1..=200))?;
    let settings = Settings { name, ..is.settings.clone() };
    let of = (id, expected.unwrap_or(is.version));
    let after = api.engine.update_tenant(of, &settings, &terms).await?;
    if !after.terms.enabled {
        api.sessions.forget_tenant(id);
        api.key_ring.forget_tenant(id);
    }
    Ok(changed(is, after))
}

/// Invite somebody to run an organisation
///
/// The answer holds a token, which is shown this once and kept nowhere: there is no mailer, so pass it on. An
/// `Idempotency-Key` is not heeded here: should the answer be lost, invite again.
#[utoipa::path(post, path = "/api/tenants/{tenant_id}/invitations", tag = "tenants",
    request_body = TenantAdminDraft,
    params(("tenant_id" = inline(TenantIdText), Path, description = "The organisation.")), responses(
    (status = 201, description = "The invitation, with its token.", body = NewInvitationView),
    (status = 409, description = "The address is a user's there, or there is no place for another user.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn invite_tenant_admin(
    State(api): State<Api>,
    Id(id): Id<TenantId>,
    Json(draft): Json<TenantAdminDraft>,
) -> Result<Response, Problem> {
    invite(&api, id, (&draft.email, &draft.name, Role::TenantAdmin), None).await
}
