//! The preview of a campaign: what the rules say of its leads.

use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_workflows::CampaignId;
use warmline_workflows::rules::Permission;

use super::Api;
use super::extract::Id;
use super::leads::PermissionView;
use super::principal::Principal;
use super::schema::CampaignIdText;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(preview_campaign))
}

/// Leads of a campaign that the rules treat alike.
#[derive(Debug, Serialize, ToSchema)]
struct ShareView {
    #[serde(flatten)]
    permission: PermissionView,
    /// How many there are.
    leads: i64,
}

/// What would happen if a campaign were active now.
#[derive(Debug, Serialize, ToSchema)]
struct Preview {
    /// When it was looked at: business time.
    at: Timestamp,
    /// Leads that may be called now.
    callable_now: i64,
    /// Leads that may be called later as things stand.
    callable_later: i64,
    /// Leads that will not be called.
    not_callable: i64,
    /// The leads by what the rules say of them, the largest share first.
    shares: Vec<ShareView>,
}

/// Preview a campaign
///
/// How many leads may be called now, when the others may, and why not: as if the campaign were active.
#[utoipa::path(get, path = "/api/campaigns/{campaign_id}/preview", tag = "campaigns",
    params(("campaign_id" = inline(CampaignIdText), Path, description = "The campaign.")), responses(
    (status = 200, description = "What the rules say of its leads.", body = Preview),
))]
async fn preview_campaign(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CampaignId>,
) -> Result<axum::Json<Preview>, Problem> {
    let at = api.clock.now();
    let shares = api.engine.preview_campaign(principal.tenant, id, at).await?;
    let sum = |which: fn(&Permission) -> bool| {
        shares.iter().filter(|share| which(&share.permission)).map(|share| share.leads).sum()
    };
    Ok(axum::Json(Preview {
        at,
        callable_now: sum(|permission| matches!(permission, Permission::Allow)),
        callable_later: sum(|permission| matches!(permission, Permission::DenyUntil { .. })),
        not_callable: sum(|permission| matches!(permission, Permission::DenyForever { .. })),
        shares: shares
            .iter()
            .map(|share| ShareView { permission: (&share.permission).into(), leads: share.leads })
            .collect(),
    }))
}
