//! One's own account: the password, and the logins that stand.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::Error;
use warmline_engine::identity::sessions::Session;
use warmline_workflows::{SessionId, UserId};

use super::Api;
use super::auth::{audit, digest, throttle};
use super::extract::{Id, Json, Query};
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::SessionIdText;
use super::token::Secret;
use crate::problem::Problem;

/// What the token of a password reset begins with.
pub(crate) const RESET_PREFIX: &str = "wlp_";

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(change_password))
        .routes(routes!(reset_password))
        .routes(routes!(logout_everywhere))
        .routes(routes!(list_sessions))
        .routes(routes!(end_session))
}

/// Another password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "old_password": "correct horse battery", "new_password": "another horse, another battery",
}))]
struct PasswordChange {
    /// The password until now.
    old_password: String,
    /// At least 10 characters.
    #[schema(min_length = 10, max_length = 200)]
    new_password: String,
}

/// Change the password
///
/// Ends every other login of the person.
#[utoipa::path(put, path = "/api/auth/password", tag = "auth", request_body = PasswordChange, responses(
    (status = 204, description = "Changed."),
    (status = 429, description = "Too many failures, or requests: wait as long as `Retry-After` says.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn change_password(
    State(api): State<Api>,
    principal: Principal,
    Json(asked): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let (user, session) = principal.person()?;
    // A stolen access token must not be a way to try passwords.
    let subjects = [digest("user", &user.to_string())];
    throttle(&api, &subjects).await?;
    let hash = api.engine.password_hash(principal.tenant, user).await?;
    if !api.passwords.matches(&asked.old_password, hash.as_deref()).await? {
        api.engine.login_failed(&subjects).await?;
        return Err(Problem::invalid("old_password", "it is not the password"));
    }
    let hash = api.passwords.hash("new_password", &asked.new_password).await?;
    api.engine.set_password(principal.tenant, (user, session), &hash).await?;
    api.engine.login_succeeded(&subjects[0]).await?;
    api.sessions.forget_user(principal.tenant, user);
    Ok(StatusCode::NO_CONTENT)
}

/// A password in place of a forgotten one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "wlp_AZNkLysKfBCj9MD_7gAAAQ", "password": "another horse, another battery",
}))]
struct PasswordReset {
    /// The token that whoever runs the organisation passed on.
    token: String,
    /// At least 10 characters.
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Choose a password anew
///
/// With a token in place of the forgotten one. Ends every login of the person; log in with the new password then.
#[utoipa::path(post, path = "/api/auth/reset-password", tag = "auth", request_body = PasswordReset, responses(
    (status = 204, description = "It is the password now."),
    (status = 401, description = "The token is not known, was used, or is over.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn reset_password(
    State(api): State<Api>,
    Json(asked): Json<PasswordReset>,
) -> Result<StatusCode, Problem> {
    let over = || {
        let detail = "the token is not known, was used, or is over: ask for another";
        Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", detail)
    };
    let shown = Secret::read(RESET_PREFIX, &asked.token).ok_or_else(over)?;
    let (tenant, user) = (shown.tenant, UserId(shown.row));
    let hash = api.passwords.hash("password", &asked.password).await?;
    api.engine
        .reset_password(tenant, (user, &shown.digest()), &hash)
        .await
        .map_err(|error| if matches!(error, Error::NotFound(_)) { over() } else { error.into() })?;
    api.sessions.forget_user(tenant, user);
    audit(&api, (tenant, user), "reset_password", format!("/api/users/{user}")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Log out everywhere
///
/// Ends every login of the person, this one included. Access tokens are refused everywhere within half a
/// minute.
#[utoipa::path(post, path = "/api/auth/logout-everywhere", tag = "auth", responses(
    (status = 204, description = "Logged out."),
))]
async fn logout_everywhere(State(api): State<Api>, principal: Principal) -> Result<StatusCode, Problem> {
    let (user, _) = principal.person()?;
    api.engine.end_sessions(principal.tenant, user).await?;
    api.sessions.forget_user(principal.tenant, user);
    Ok(StatusCode::NO_CONTENT)
}

/// A login.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
struct SessionView {
    #[schema(value_type = SessionIdText)]
    id: SessionId,
    /// Whether it is the one that asks.
    is_current: bool,
    /// What the browser or program called itself.
    client: String,
    /// When the password was shown.
    created_at: Timestamp,
    /// When it was refreshed last.
    refreshed_at: Timestamp,
    /// When it ends unless it is refreshed.
    expires_at: Timestamp,
}

/// Which logins to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SessionQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List one's logins
#[utoipa::path(get, path = "/api/auth/sessions", tag = "auth", params(SessionQuery), responses(
    (status = 200, description = "A page of the logins that stand, the newest first.", body = Page<SessionView>),
))]
async fn list_sessions(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<SessionQuery>,
) -> Result<axum::Json<Page<SessionView>>, Problem> {
    let (user, current) = principal.person()?;
    let limit = page::limit(asked.limit)?;
    let before = page::after(asked.cursor.as_deref())?;
    let sessions = api.engine.sessions(principal.tenant, user, before, i64::from(limit) + 1).await?;
    let show = |session: Session| SessionView {
        id: session.id,
        is_current: session.id == current,
        client: session.client,
        created_at: session.created_at,
        refreshed_at: session.refreshed_at,
        expires_at: session.expires_at,
    };
    Ok(axum::Json(Page::of(sessions, limit, |session| session.id, show)))
}

/// End one of one's logins
#[utoipa::path(delete, path = "/api/auth/sessions/{session_id}", tag = "auth",
    params(("session_id" = inline(SessionIdText), Path, description = "The login.")), responses(
    (status = 204, description = "It is over."),
))]
async fn end_session(
    State(api): State<Api>,
    principal: Principal,
    Id(session): Id<SessionId>,
) -> Result<StatusCode, Problem> {
    let (user, _) = principal.person()?;
    api.engine.end_own_session(principal.tenant, user, session).await?;
    api.sessions.forget(principal.tenant, session);
    Ok(StatusCode::NO_CONTENT)
}
