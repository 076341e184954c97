//! Invitations: made, listed, revoked, accepted.
//!
//! There is no mailer. Whoever invites is shown the link's token once, and passes it on.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::Error;
use warmline_engine::identity::invitations::{Acceptance, Invitation, NewInvitation};
use warmline_workflows::{InvitationId, Role, TenantId, UserId};

use super::Api;
use super::auth::{Tokens, audit, email, open, text};
use super::extract::{Id, Json, Query};
use super::origin::Origin;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{InvitationIdText, RoleWord, UserIdText};
use super::token::Secret;
use super::users::within;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, create_invitation))
        .routes(routes!(revoke_invitation))
        .routes(routes!(accept_invitation))
}

/// What the tokens of invitations begin with.
pub(crate) const PREFIX: &str = "wli_";

/// Somebody to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "bo@example.com", "role": "manager", "name": "Bo Berg" }))]
struct InvitationDraft {
    /// The address that will log in.
    email: String,
    /// What the person may do then: no more than whoever invites.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// As shown to people, at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
}

/// An invitation. Its token was shown when it was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationView {
    #[schema(value_type = InvitationIdText)]
    id: InvitationId,
    /// The address that will log in.
    email: String,
    /// As shown to people.
    name: String,
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Where it stands.
    #[schema(inline)]
    status: InvitationStatus,
    /// Who invited; null when the installation did.
    #[schema(value_type = Option<UserIdText>)]
    invited_by: Option<UserId>,
    created_at: Timestamp,
    /// When it ends by itself.
    expires_at: Timestamp,
    accepted_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum InvitationStatus {
    Open,
    Accepted,
    Revoked,
    Expired,
}

/// A new invitation, with its token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewInvitationView {
    #[serde(flatten)]
    invitation: InvitationView,
    /// What the person shows to accept. It is shown this once, and good for seven days.
    #[schema(examples("wli_AZNkLysKfBCj9MD_7gAAAQ"))]
    token: String,
}

impl From<Invitation> for InvitationView {
    fn from(is: Invitation) -> Self {
        let status = match (is.accepted_at, is.revoked_at) {
            (Some(_), _) => InvitationStatus::Accepted,
            (_, Some(_)) => InvitationStatus::Revoked,
            _ if is.expires_at <= Timestamp::now() => InvitationStatus::Expired,
            _ => InvitationStatus::Open,
        };
        Self {
            id: is.id,
            email: is.email,
            name: is.name,
            role: is.role,
            status,
            invited_by: is.invited_by,
            created_at: is.created_at,
            expires_at: is.expires_at,
            accepted_at: is.accepted_at,
            revoked_at: is.revoked_at,
        }
    }
}

/// Invites somebody, and shows the token.
pub(super) async fn invite(
    api: &Api,
    tenant: TenantId,
    (address, name, role): (&str, &str, Role),
    invited_by: Option<UserId>,
) -> Result<Response, Problem> {
    let secret = Secret::new(tenant, Uuid::now_v7());
    let new = NewInvitation {
        id: InvitationId(secret.row),
        email: email("email", address)?,
        name: text("name", name, 0..=200)?,
        role,
        secret: secret.digest(),
        invited_by,
    };
    let invitation = api.engine.invite(tenant, &new).await?;
    let body = NewInvitationView { invitation: invitation.into(), token: secret.text(PREFIX) };
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

/// Invite somebody
///
/// The answer holds a token, which is shown this once and kept nowhere: there is no mailer, so pass it on. An
/// earlier invitation of the same address that is still open ends. An `Idempotency-Key` is not heeded here:
/// should the answer be lost, invite again.
#[utoipa::path(post, path = "/api/invitations", tag = "users", request_body = InvitationDraft, responses(
    (status = 201, description = "The invitation, with its token.", body = NewInvitationView),
    (status = 409, description = "The address is a user's, or the organisation has no place for another user.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn create_invitation(
    State(api): State<Api>,
    principal: Principal,
    Json(draft): Json<InvitationDraft>,
) -> Result<Response, Problem> {
    let (user, _) = principal.person()?;
    within(&principal, draft.role)?;
    invite(&api, principal.tenant, (&draft.email, &draft.name, draft.role), Some(user)).await
}

/// Which invitations to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InvitationQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List invitations
///
/// Those that are over, too.
#[utoipa::path(get, path = "/api/invitations", tag = "users", params(InvitationQuery), responses(
    (status = 200, description = "A page of invitations, the newest first.", body = Page<InvitationView>),
))]
async fn list_invitations(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<InvitationQuery>,
) -> Result<axum::Json<Page<InvitationView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::after(asked.cursor.as_deref())?;
    let invitations = api.engine.invitations(principal.tenant, before, i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(invitations, limit, |invitation| invitation.id, InvitationView::from)))
}

/// Revoke an invitation
#[utoipa::path(delete, path = "/api/invitations/{invitation_id}", tag = "users",
    params(("invitation_id" = inline(InvitationIdText), Path, description = "The invitation.")), responses(
    (status = 204, description = "Its token is good for nothing."),
    (status = 409, description = "It was accepted.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn revoke_invitation(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<InvitationId>,
) -> Result<StatusCode, Problem> {
    api.engine.revoke_invitation(principal.tenant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who accepts an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Acceptance, example = json!({
    "token": "wli_AZNkLysKfBCj9MD_7gAAAQ", "password": "correct horse battery",
}))]
struct AcceptanceDraft {
    /// The token of the invitation.
    token: String,
    /// At least 10 characters.
    #[schema(min_length = 10, max_length = 200)]
    password: String,
    /// As shown to people, at most 200 characters; what the invitation says when left out.
    #[schema(max_length = 200)]
    name: Option<String>,
}

/// Accept an invitation
///
/// Makes the person a user of the organisation, and logs the person in.
#[utoipa::path(post, path = "/api/auth/accept-invitation", tag = "auth", request_body = AcceptanceDraft, responses(
    (status = 201, description = "A user now, and logged in.", body = Tokens),
    (status = 401, description = "The token is not known, or the invitation is over.",
     body = crate::problem::Body, content_type = "application/problem+json"),
    (status = 409, description = "The address became a user's in between.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn accept_invitation(
    State(api): State<Api>,
    origin: Origin,
    Json(asked): Json<AcceptanceDraft>,
) -> Result<(StatusCode, axum::Json<Tokens>), Problem> {
    let over = || {
        let detail = "the invitation is not known, or over: ask for another";
        Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", detail)
    };
    let shown = Secret::read(PREFIX, &asked.token).ok_or_else(over)?;
    let (tenant, id) = (shown.tenant, InvitationId(shown.row));
    let acceptance = Acceptance {
        user: UserId(Uuid::now_v7()),
        name: asked.name.map(|name| text("name", &name, 0..=200)).transpose()?,
        password_hash: api.passwords.hash("password", &asked.password).await?,
    };
    let user = acceptance.user;
    api.engine
        .accept_invitation(tenant, (id, &shown.digest()), &acceptance)
        .await
        .map_err(|error| if matches!(error, Error::NotFound(_)) { over() } else { error.into() })?;
    audit(&api, (tenant, user), "accept_invitation", format!("/api/invitations/{id}")).await?;
    Ok((StatusCode::CREATED, axum::Json(open(&api, tenant, user, &origin).await?)))
}
