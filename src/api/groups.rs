//! Agent groups: the teams that campaigns draw from.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::agents::groups::Group;
use warmline_workflows::{AgentId, GroupId};

use super::Api;
use super::auth::text;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Ids, Json, Query};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{AgentIdText, GroupIdText};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_groups, create_group))
        .routes(routes!(get_group, update_group, delete_group))
        .routes(routes!(add_group_members))
        .routes(routes!(remove_group_member))
}

/// How many agents can be added in one request.
const MEMBERS_MAX: usize = 1000;

/// A team of agents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentGroup)]
struct GroupView {
    #[schema(value_type = GroupIdText)]
    id: GroupId,
    /// As shown to people; no two groups have the same.
    name: String,
    /// How many agents belong to it.
    agents: i64,
    /// How many campaigns draw from it.
    campaigns: i64,
    created_at: Timestamp,
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        let Group { id, name, agents, campaigns, created_at, .. } = group;
        Self { id, name, agents, campaigns, created_at }
    }
}

fn versioned(group: Group) -> Versioned<GroupView> {
    Versioned { version: group.version, body: group.into() }
}

/// A team to be made, or what one is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Freight sales" }))]
struct GroupDraft {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

/// Agents to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "agent_ids": ["agt_0193642f2b0a7c10a3f4c0ffee000001"] }))]
struct Members {
    /// Who; 1 to 1000.
    #[schema(value_type = Vec<AgentIdText>, min_items = 1, max_items = 1000)]
    agent_ids: Vec<AgentId>,
}

/// Which groups to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GroupQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List agent groups
#[utoipa::path(get, path = "/api/agent-groups", tag = "agents", params(GroupQuery), responses(
    (status = 200, description = "A page of groups, by name.", body = Page<GroupView>),
))]
async fn list_groups(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<GroupQuery>,
) -> Result<axum::Json<Page<GroupView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after: Option<String> = page::after(asked.cursor.as_deref())?;
    let groups = api.engine.groups(principal.tenant, after.as_deref(), i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(groups, limit, |group| group.name.clone(), GroupView::from)))
}

/// Create an agent group
#[utoipa::path(post, path = "/api/agent-groups", tag = "agents", request_body = GroupDraft, responses(
    (status = 201, description = "The group.", body = GroupView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
    (status = 409, description = "Another group has the name.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn create_group(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<GroupDraft>,
) -> Result<Response, Problem> {
    let name = text("name", &draft.name, 1..=200)?;
    let group = api.engine.create_group(principal.tenant, GroupId(id), &name).await?;
    let mut headers = HeaderMap::new();
    if let Ok(address) = HeaderValue::from_str(&format!("/api/agent-groups/{}", group.id)) {
        headers.insert(header::LOCATION, address);
    }
    Ok((StatusCode::CREATED, headers, versioned(group)).into_response())
}

/// Get an agent group
#[utoipa::path(get, path = "/api/agent-groups/{group_id}", tag = "agents",
    params(("group_id" = inline(GroupIdText), Path, description = "The group.")), responses(
    (status = 200, description = "The group.", body = GroupView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_group(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<GroupId>,
) -> Result<Versioned<GroupView>, Problem> {
    Ok(versioned(api.engine.group(principal.tenant, id).await?))
}

/// Rename an agent group
#[utoipa::path(put, path = "/api/agent-groups/{group_id}", tag = "agents", request_body = GroupDraft,
    params(("group_id" = inline(GroupIdText), Path, description = "The group."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The group as it is now.", body = GroupView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "Another group has the name.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn update_group(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<GroupId>,
    IfMatch(expected): IfMatch,
    Json(draft): Json<GroupDraft>,
) -> Result<Versioned<GroupView>, Problem> {
    let name = text("name", &draft.name, 1..=200)?;
    Ok(versioned(api.engine.rename_group(principal.tenant, (id, expected), &name).await?))
}

/// Delete an agent group
///
/// As long as no campaign draws from it. Its agents stay.
#[utoipa::path(delete, path = "/api/agent-groups/{group_id}", tag = "agents",
    params(("group_id" = inline(GroupIdText), Path, description = "The group."),
           ("If-Match" = Option<String>, Header, description = "The ETag that is to be deleted.")), responses(
    (status = 204, description = "Deleted."),
    (status = 409, description = "A campaign draws from it.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn delete_group(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<GroupId>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    api.engine.delete_group(principal.tenant, (id, expected)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add agents to a group
///
/// Those who belong to it already stay. When one of them does not exist, nobody is added.
#[utoipa::path(post, path = "/api/agent-groups/{group_id}/members", tag = "agents", request_body = Members,
    params(("group_id" = inline(GroupIdText), Path, description = "The group.")), responses(
    (status = 200, description = "The group as it is now.", body = GroupView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn add_group_members(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<GroupId>,
    Json(members): Json<Members>,
) -> Result<Versioned<GroupView>, Problem> {
    if !(1..=MEMBERS_MAX).contains(&members.agent_ids.len()) {
        return Err(Problem::invalid("agent_ids", format!("expected 1 to {MEMBERS_MAX} agents")));
    }
    Ok(versioned(api.engine.add_members(principal.tenant, id, &members.agent_ids).await?))
}

/// Remove an agent from a group
///
/// A call that the agent was offered goes on.
#[utoipa::path(delete, path = "/api/agent-groups/{group_id}/members/{agent_id}", tag = "agents",
    params(("group_id" = inline(GroupIdText), Path, description = "The group."),
           ("agent_id" = inline(AgentIdText), Path, description = "The agent.")), responses(
    (status = 204, description = "The agent is not in the group any more."),
))]
async fn remove_group_member(
    State(api): State<Api>,
    principal: Principal,
    Ids(group, agent): Ids<GroupId, AgentId>,
) -> Result<StatusCode, Problem> {
    api.engine.remove_member(principal.tenant, group, agent).await?;
    Ok(StatusCode::NO_CONTENT)
}
