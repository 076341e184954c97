//! Users: the people of an organisation who can log in.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::identity::users::{Profile, User, Wanted};
use warmline_workflows::{Role, UserId};

use super::Api;
use super::account::RESET_PREFIX;
use super::auth::text;
use super::change::Change;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query};
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{RoleWord, UserIdText};
use super::token::Secret;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_users))
        .routes(routes!(get_user, update_user, delete_user))
        .routes(routes!(begin_password_reset))
}

/// Somebody who can log in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    #[schema(value_type = UserIdText)]
    id: UserId,
    /// The address that logs in.
    email: String,
    /// As shown to people.
    name: String,
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Whether the person may log in.
    enabled: bool,
    created_at: Timestamp,
    /// When the person last logged in with the password.
    last_login_at: Option<Timestamp>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            enabled: user.enabled,
            created_at: user.created_at,
            last_login_at: user.last_login_at,
        }
    }
}

/// A change of a user. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "manager" }))]
struct UserChange {
    /// As shown to people, at most 200 characters.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// What the person may do: no more than whoever changes it.
    #[schema(value_type = Option<RoleWord>)]
    role: Option<Role>,
    /// Whether the person may log in.
    enabled: Option<bool>,
}

/// Makes sure that nobody grants, or has a hand in, more than is his own.
pub(super) fn within(principal: &Principal, role: Role) -> Result<(), Problem> {
    if principal.role.covers(role) {
        return Ok(());
    }
    let detail = format!("that is for a person with the role {role}; yours is {}", principal.role);
    Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
}

/// Which users to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UserQuery {
    /// Only those with this role.
    #[param(value_type = Option<RoleWord>)]
    role: Option<Role>,
    /// Only those whose address or name, or a word of it, begins like this.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List users
#[utoipa::path(get, path = "/api/users", tag = "users", params(UserQuery), responses(
    (status = 200, description = "A page of users, in the order in which they came.", body = Page<UserView>),
))]
async fn list_users(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<UserQuery>,
) -> Result<axum::Json<Page<UserView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let search = asked.search.map(|search| text("search", &search, 0..=200)).transpose()?;
    let wanted = Wanted {
        role: asked.role,
        search,
        after: page::after(asked.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let users = api.engine.users(principal.tenant, &wanted).await?;
    Ok(axum::Json(Page::of(users, limit, |user| user.id, UserView::from)))
}

fn versioned(user: User) -> Versioned<UserView> {
    Versioned { version: user.version, body: user.into() }
}

/// Get a user
#[utoipa::path(get, path = "/api/users/{user_id}", tag = "users",
    params(("user_id" = inline(UserIdText), Path, description = "The user.")), responses(
    (status = 200, description = "The user.", body = UserView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_user(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<UserId>,
) -> Result<Versioned<UserView>, Problem> {
    Ok(versioned(api.engine.user(principal.tenant, id).await?))
}

/// Change a user
///
/// What is left out stays as it is. A new role is felt everywhere within half a minute; whoever may not log in
/// any more is logged out.
#[utoipa::path(put, path = "/api/users/{user_id}", tag = "users", request_body = UserChange,
    params(("user_id" = inline(UserIdText), Path, description = "The user."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The user as it is now.", body = UserView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "Nobody would be left to run the organisation, or it has no place for another user.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn update_user(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
    Json(change): Json<UserChange>,
) -> Result<Response, Problem> {
    let user = api.engine.user(principal.tenant, id).await?;
    let profile = Profile {
        name: change.name.map_or_else(|| Ok(user.name.clone()), |name| text("name", &name, 0..=200))?,
        role: change.role.unwrap_or(user.role),
        enabled: change.enabled.unwrap_or(user.enabled),
    };
    let (change, user) = update(&api, &principal, (user, expected), &profile).await?;
    Ok((Extension(change), versioned(user)).into_response())
}

/// Disable a user
///
/// The user is logged out and can log in no more. It stays in the list, since what it did stays in the log.
#[utoipa::path(delete, path = "/api/users/{user_id}", tag = "users",
    params(("user_id" = inline(UserIdText), Path, description = "The user."),
           ("If-Match" = Option<String>, Header, description = "The ETag that is to be disabled.")), responses(
    (status = 204, description = "Disabled."),
    (status = 409, description = "Nobody would be left to run the organisation.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn delete_user(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
) -> Result<Response, Problem> {
    let user = api.engine.user(principal.tenant, id).await?;
    let profile = Profile { name: user.name.clone(), role: user.role, enabled: false };
    let (change, _) = update(&api, &principal, (user, expected), &profile).await?;
    Ok((Extension(change), StatusCode::NO_CONTENT).into_response())
}

/// A token to choose a password with.
#[derive(Debug, Serialize, ToSchema)]
struct PasswordResetToken {
    /// What the person shows. It is shown this once.
    #[schema(examples("wlp_AZNkLysKfBCj9MD_7gAAAQ"))]
    token: String,
    /// When it ends.
    expires_at: Timestamp,
}

/// Let a user choose a password anew
///
/// The answer holds a token, which is shown this once and kept nowhere: there is no mailer, so pass it on. It is good
/// once, for a day; the old password stays good until then. A second token takes the place of the first.
#[utoipa::path(post, path = "/api/users/{user_id}/password-reset", tag = "users",
    params(("user_id" = inline(UserIdText), Path, description = "The user.")), responses(
    (status = 201, description = "The token.", body = PasswordResetToken),
    (status = 409, description = "The user is disabled.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn begin_password_reset(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<UserId>,
) -> Result<Response, Problem> {
    within(&principal, api.engine.user(principal.tenant, id).await?.role)?;
    let secret = Secret::new(principal.tenant, id.0);
    let expires_at = api.engine.begin_password_reset(principal.tenant, id, &secret.digest()).await?;
    let body = PasswordResetToken { token: secret.text(RESET_PREFIX), expires_at };
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

async fn update(
    api: &Api,
    principal: &Principal,
    (user, expected): (User, Option<i32>),
    profile: &Profile,
) -> Result<(Change, User), Problem> {
    within(principal, user.role)?;
    within(principal, profile.role)?;
    // What is left out was read at this version, so the change is of it.
    let expected = expected.unwrap_or(user.version);
    let changed = api.engine.update_user(principal.tenant, (user.id, expected), profile).await?;
    api.sessions.forget_user(principal.tenant, user.id);
    let facts = |user: &User| json!({ "role": user.role, "enabled": user.enabled });
    Ok((Change::between(&facts(&user), &facts(&changed)), changed))
}
