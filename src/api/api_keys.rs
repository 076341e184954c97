//! API keys: made, listed, revoked.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::identity::api_keys::{ApiKey, NewKey};
use warmline_workflows::{ApiKeyId, UserId};

use super::Api;
use super::auth::text;
use super::extract::{Id, Json, Query};
use super::key_ring::PREFIX;
use super::operation::SCOPES;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{ApiKeyIdText, ScopeWord, UserIdText};
use super::token::Secret;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_api_keys, create_api_key)).routes(routes!(revoke_api_key))
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "CRM", "scopes": ["leads:read", "leads:write"] }))]
struct ApiKeyDraft {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it may do; each operation says which one it needs.
    #[schema(value_type = Vec<ScopeWord>, min_items = 1)]
    scopes: Vec<String>,
    /// When it ends by itself; never when left out.
    expires_at: Option<Timestamp>,
}

/// An API key. Its secret was shown when it was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
struct ApiKeyView {
    #[schema(value_type = ApiKeyIdText)]
    id: ApiKeyId,
    /// As shown to people.
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<ScopeWord>)]
    scopes: Vec<String>,
    /// Who made it.
    #[schema(value_type = Option<UserIdText>)]
    created_by: Option<UserId>,
    created_at: Timestamp,
    /// When it ends by itself.
    expires_at: Option<Timestamp>,
    /// When it was used last, to the minute.
    last_used_at: Option<Timestamp>,
    /// When it was revoked.
    revoked_at: Option<Timestamp>,
}

/// A new API key, with its secret.
#[derive(Debug, Serialize, ToSchema)]
struct NewApiKey {
    #[serde(flatten)]
    key: ApiKeyView,
    /// Goes into `Authorization: Bearer ...`. It is shown this once.
    #[schema(examples("wlk_AZNkLysKfBCj9MD_7gAAAQ"))]
    secret: String,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes,
            created_by: key.created_by,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl ApiKeyDraft {
    /// The scopes, each once, in the order of the table.
    fn scopes(&self) -> Result<Vec<String>, Problem> {
        if let Some((place, _)) =
            self.scopes.iter().enumerate().find(|(_, scope)| !SCOPES.contains(&scope.as_str()))
        {
            let why = format!("expected one of {}", SCOPES.join(", "));
            return Err(Problem::invalid(format!("scopes[{place}]"), why));
        }
        if self.scopes.is_empty() {
            return Err(Problem::invalid("scopes", "a key without any can do nothing: name at least one"));
        }
        let asked = |scope: &&&str| self.scopes.iter().any(|asked| asked == **scope);
        Ok(SCOPES.iter().filter(asked).map(|scope| (*scope).to_owned()).collect())
    }
}

/// Create an API key
///
/// For programs, which show it in place of an access token. Its secret is shown this once and kept nowhere, so
/// an `Idempotency-Key` is not heeded here: should the answer be lost, revoke the key and create another.
#[utoipa::path(post, path = "/api/api-keys", tag = "api-keys", request_body = ApiKeyDraft, responses(
    (status = 201, description = "The key, with its secret.", body = NewApiKey,
     headers(("Location" = String, description = "Its address."))),
))]
async fn create_api_key(
    State(api): State<Api>,
    principal: Principal,
    Json(draft): Json<ApiKeyDraft>,
) -> Result<Response, Problem> {
    let (created_by, _) = principal.person()?;
    if draft.expires_at.is_some_and(|at| at <= Timestamp::now()) {
        return Err(Problem::invalid("expires_at", "expected an instant in the future"));
    }
    let secret = Secret::new(principal.tenant, Uuid::now_v7());
    let key = NewKey {
        id: ApiKeyId(secret.row),
        name: text("name", &draft.name, 1..=200)?,
        secret: secret.digest(),
        scopes: draft.scopes()?,
        created_by,
        expires_at: draft.expires_at,
    };
    let made = api.engine.add_api_key(principal.tenant, &key).await?;
    let address = [(header::LOCATION, format!("/api/api-keys/{}", made.id))];
    let body = axum::Json(NewApiKey { key: made.into(), secret: secret.text(PREFIX) });
    Ok((StatusCode::CREATED, address, body).into_response())
}

/// Which keys to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ApiKeyQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List API keys
///
/// Those that are over, too.
#[utoipa::path(get, path = "/api/api-keys", tag = "api-keys", params(ApiKeyQuery), responses(
    (status = 200, description = "A page of keys, the newest first.", body = Page<ApiKeyView>),
))]
async fn list_api_keys(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<ApiKeyQuery>,
) -> Result<axum::Json<Page<ApiKeyView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::after(asked.cursor.as_deref())?;
    let keys = api.engine.api_keys(principal.tenant, before, i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(keys, limit, |key| key.id, ApiKeyView::from)))
}

/// Revoke an API key
///
/// It is refused everywhere within half a minute.
#[utoipa::path(delete, path = "/api/api-keys/{api_key_id}", tag = "api-keys",
    params(("api_key_id" = inline(ApiKeyIdText), Path, description = "The key.")), responses(
    (status = 204, description = "Revoked."),
))]
async fn revoke_api_key(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    api.engine.revoke_api_key(principal.tenant, id).await?;
    api.key_ring.forget(principal.tenant, id);
    Ok(StatusCode::NO_CONTENT)
}
