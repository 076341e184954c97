//! The audit log: what people and programs changed.

use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::audit::{Line, Wanted};

use super::Api;
use super::extract::Query;
use super::page::{self, Page};
use super::principal::Principal;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_audit_log))
}

/// A line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
struct AuditLine {
    at: Timestamp,
    /// Who did it: a user's id, an API key's, or `operator` for the command line of the installation.
    actor: String,
    /// The operation.
    action: String,
    /// The path of the request.
    subject: String,
    /// What else is known, such as fields `before` and `after`. It holds nothing personal.
    #[schema(value_type = Object)]
    detail: Value,
}

/// Which lines to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only what this user or API key did.
    actor: Option<String>,
    /// Only this operation.
    action: Option<String>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// Read the audit log
#[utoipa::path(get, path = "/api/audit-log", tag = "audit-log", params(AuditQuery), responses(
    (status = 200, description = "A page of changes, the newest first.", body = Page<AuditLine>),
))]
async fn list_audit_log(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<AuditQuery>,
) -> Result<axum::Json<Page<AuditLine>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let wanted = Wanted {
        actor: asked.actor,
        action: asked.action,
        before: page::after(asked.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let lines = api.engine.audit_log(principal.tenant, &wanted).await?;
    let show = |Line { at, entry, .. }| AuditLine {
        at,
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        detail: entry.detail,
    };
    Ok(axum::Json(Page::of(lines, limit, |line| line.id, show)))
}
