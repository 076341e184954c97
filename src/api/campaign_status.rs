//! The status of a campaign: started, paused, resumed and stopped.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_workflows::CampaignId;
use warmline_workflows::campaign::Status;

use super::Api;
use super::campaigns::{CampaignView, versioned};
use super::etag::Versioned;
use super::extract::Id;
use super::principal::Principal;
use super::schema::CampaignIdText;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(start_campaign))
        .routes(routes!(pause_campaign))
        .routes(routes!(resume_campaign))
        .routes(routes!(stop_campaign))
}

/// Start a campaign
///
/// From now on its leads are called as the rules allow. A campaign that finished is started again when
/// it has new leads.
#[utoipa::path(post, path = "/api/campaigns/{campaign_id}/start", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign.")), responses(
    (status = 200, description = "The campaign, active.", body = CampaignView),
))]
async fn start_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
) -> Result<Versioned<CampaignView>, Problem> {
    move_to(&api, &principal, id, Status::Active).await
}

/// Pause a campaign
///
/// Nobody is dialed until it is resumed; calls in flight run to their end.
#[utoipa::path(post, path = "/api/campaigns/{campaign_id}/pause", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign.")), responses(
    (status = 200, description = "The campaign, paused.", body = CampaignView),
))]
async fn pause_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
) -> Result<Versioned<CampaignView>, Problem> {
    move_to(&api, &principal, id, Status::Paused).await
}

/// Resume a campaign
#[utoipa::path(post, path = "/api/campaigns/{campaign_id}/resume", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign.")), responses(
    (status = 200, description = "The campaign, active.", body = CampaignView),
))]
async fn resume_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
) -> Result<Versioned<CampaignView>, Problem> {
    let is = api.engine.campaign(principal.tenant, id).await?.status;
    if !matches!(is, Status::Paused | Status::Active) {
        let detail = format!("only a campaign that is paused is resumed; this one is {is}");
        return Err(Problem::new(StatusCode::CONFLICT, "refused", detail));
    }
    move_to(&api, &principal, id, Status::Active).await
}

/// Stop a campaign
///
/// For good: nobody is dialed any more, and calls that have no agent on the line yet are ended.
#[utoipa::path(post, path = "/api/campaigns/{campaign_id}/stop", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign.")), responses(
    (status = 200, description = "The campaign, stopped.", body = CampaignView),
))]
async fn stop_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
) -> Result<Versioned<CampaignView>, Problem> {
    move_to(&api, &principal, id, Status::Stopped).await
}

async fn move_to(
    api: &Api,
    principal: &Principal,
    id: CampaignId,
    to: Status,
) -> Result<Versioned<CampaignView>, Problem> {
    api.engine.set_campaign_status(principal.tenant, id, to, api.clock.now()).await?;
    Ok(versioned(api.engine.campaign(principal.tenant, id).await?))
}
