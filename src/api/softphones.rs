//! Softphones: what lets an agent's browser be its telephone.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_twilio::client::Client;
use warmline_workers::lines;
use warmline_workflows::TenantId;
use warmline_workflows::agent::{self, Reach};

use super::Api;
use super::agents::own;
use super::principal::Principal;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(issue_softphone_token))
}

/// What the carrier's library lets a browser take calls with.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "token": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6InR3aWxpby1mcGE7dj0xIn0.e30.c2lnbmF0dXJl",
    "identity": "tnt_0193642f2b0a7c10a3f4c0ffee000001_agt_0193642f2b0a7c10a3f4c0ffee000001",
    "expires_at": "2026-11-23T16:00:00Z",
}))]
struct SoftphoneToken {
    /// A JWT for the carrier's Voice SDK: `new Device(token)`.
    token: String,
    /// The name that the agent is called by, and nobody else.
    identity: String,
    /// Until when it is good: in an hour, by the real clock. Ask for another before.
    expires_at: Timestamp,
}

/// Get a token for one's own softphone
///
/// With it, the carrier's Voice SDK registers an agent's browser, which is then called in place of the agent's
/// telephone. It is of the carrier account that the organisation's next calls are placed on. An agent whose browser is
/// not registered misses its calls, as one who does not pick up.
#[utoipa::path(post, path = "/api/agents/me/softphone-token", tag = "agents", responses(
    (status = 201, description = "The token.", body = SoftphoneToken),
    (status = 404, description = "Whoever asks takes no calls.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 409, description = "The agent takes calls on its telephone (`reached_by_phone`), or the carrier account \
     has no softphones (`softphone_not_configured`): its telephone is called.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn issue_softphone_token(
    State(api): State<Api>,
    principal: Principal,
) -> Result<(StatusCode, axum::Json<SoftphoneToken>), Problem> {
    let agent = own(&api, &principal).await?.ok_or_else(|| Problem::not_found("agent"))?;
    if agent.profile.reach != Reach::Browser {
        let detail = "you take calls on your telephone: set `reach` of the agent to `browser` first";
        return Err(Problem::new(StatusCode::CONFLICT, "reached_by_phone", detail));
    }
    let identity = agent::identity(principal.tenant, agent.id);
    // The carrier goes by the real time, also in a rehearsal.
    let token = carrier(&api, principal.tenant).await?.softphone_token(&identity, Timestamp::now());
    let Some(token) = token else {
        let detail = "no softphone is configured for the carrier account that calls are placed on, so your telephone \
                      is called instead: it takes an API key of that account";
        return Err(Problem::new(StatusCode::CONFLICT, "softphone_not_configured", detail));
    };
    let token = SoftphoneToken {
        token: token.text.expose_secret().to_owned(),
        identity,
        expires_at: token.expires_at,
    };
    Ok((StatusCode::CREATED, axum::Json(token)))
}

/// The account that an organisation's next calls are placed on.
async fn carrier(api: &Api, tenant: TenantId) -> Result<Client, Problem> {
    let Some(account) = api.engine.carrier_account(tenant).await? else { return Ok(api.carrier.clone()) };
    let line = api.engine.carrier_line(tenant, account.id).await?;
    api.carrier.for_account(lines::account(line)?).map_err(|error| {
        tracing::error!(error = %error, "a carrier account that was verified cannot be one");
        Problem::internal()
    })
}
