//! Agents: who takes calls, what each is doing, and whether it is there.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::agents::NewAgent;
use warmline_engine::agents::roster::{Agent, Wanted};
use warmline_workflows::agent::{self, Presence, Reach};
use warmline_workflows::window::{self, CallingWindow};
use warmline_workflows::{AgentId, CallId, GroupId, Role, UserId};

use super::Api;
use super::auth::text;
use super::caller_ids::number;
use super::campaigns::calling_window;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::money;
use super::page::{self, Page};
use super::principal::{Actor, Principal};
use super::schema::{
    AgentIdText, AgentStateWord, CallIdText, GroupIdText, PresenceWord, ReachWord, UserIdText,
};
use super::settings_schema::CallingWindowTerms;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_agents, create_agent))
        .routes(routes!(get_own_agent))
        .routes(routes!(get_agent, update_agent, delete_agent))
        .routes(routes!(set_agent_status))
}

/// An agent, and what it is doing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub(super) struct AgentView {
    #[schema(value_type = AgentIdText)]
    id: AgentId,
    /// The login of the person.
    #[schema(value_type = Option<UserIdText>)]
    user_id: Option<UserId>,
    /// As shown to people.
    name: String,
    /// The number to call the agent on, E.164.
    phone: String,
    /// Whether it takes calls on that telephone, or in its browser. Where the carrier account has no softphones, the
    /// telephone is called in any case.
    #[schema(value_type = ReachWord)]
    reach: Reach,
    /// The teams it belongs to.
    #[schema(value_type = Vec<GroupIdText>)]
    group_ids: Vec<GroupId>,
    /// Calls at once.
    max_concurrent_calls: u16,
    /// When it may be called; null for always.
    #[schema(value_type = Option<CallingWindowTerms>)]
    working_hours: Option<CallingWindow>,
    /// What it says of itself.
    #[schema(value_type = PresenceWord)]
    presence: Presence,
    /// Why it is on a break.
    presence_reason: Option<String>,
    /// When the break ends by itself.
    break_until: Option<Timestamp>,
    /// What it is doing: the most engaged of its calls, else its presence.
    #[schema(value_type = AgentStateWord)]
    state: agent::State,
    /// Since when it does that.
    since: Timestamp,
    /// The call it is held for.
    #[schema(value_type = Option<CallIdText>)]
    call_id: Option<CallId>,
    created_at: Timestamp,
    /// When it was removed; it is kept since calls name it.
    archived_at: Option<Timestamp>,
}

impl From<Agent> for AgentView {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            user_id: agent.user,
            name: agent.profile.name,
            phone: agent.profile.phone,
            reach: agent.profile.reach,
            group_ids: agent.profile.groups,
            max_concurrent_calls: agent.profile.max_concurrent_calls,
            working_hours: agent.profile.working_hours,
            presence: agent.presence,
            presence_reason: agent.presence_reason,
            break_until: agent.break_until,
            state: agent.state,
            since: agent.since,
            call_id: agent.call,
            created_at: agent.created_at,
            archived_at: agent.archived_at,
        }
    }
}

fn versioned(agent: Agent) -> Versioned<AgentView> {
    Versioned { version: agent.version, body: agent.into() }
}

/// An agent to be added, who is offline at first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Maya Brooks", "phone": "+12125550150", "group_ids": ["grp_0193642f2b0a7c10a3f4c0ffee000001"],
    "working_hours": { "time_zone": "America/Chicago", "opens": "08:00", "closes": "16:00" },
}))]
struct AgentDraft {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The number to call the agent on, E.164.
    phone: String,
    /// Where it takes calls; on its telephone when left out.
    #[schema(value_type = Option<ReachWord>)]
    reach: Option<Reach>,
    /// The teams it belongs to.
    #[serde(default)]
    #[schema(value_type = Vec<GroupIdText>)]
    group_ids: Vec<GroupId>,
    /// Calls at once, 1 to 20; 1 when left out.
    #[schema(minimum = 1, maximum = 20)]
    max_concurrent_calls: Option<u16>,
    /// When it may be called; always when left out.
    #[schema(value_type = Option<CallingWindowTerms>)]
    working_hours: Option<window::Terms>,
    /// The login of the person.
    #[schema(value_type = Option<UserIdText>)]
    user_id: Option<UserId>,
}

/// A change of an agent. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reach": "browser", "working_hours": null }))]
struct AgentChange {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The number to call the agent on, E.164.
    phone: Option<String>,
    /// Where it takes calls.
    #[schema(value_type = Option<ReachWord>)]
    reach: Option<Reach>,
    /// The teams it belongs to, all of them.
    #[schema(value_type = Option<Vec<GroupIdText>>)]
    group_ids: Option<Vec<GroupId>>,
    /// Calls at once, 1 to 20.
    #[schema(minimum = 1, maximum = 20)]
    max_concurrent_calls: Option<u16>,
    /// When it may be called; null for always.
    #[serde(default, deserialize_with = "money::given")]
    #[schema(value_type = Option<CallingWindowTerms>)]
    working_hours: Option<Option<window::Terms>>,
    /// The login of the person; null for none.
    #[serde(default, deserialize_with = "money::given")]
    #[schema(value_type = Option<UserIdText>)]
    user_id: Option<Option<UserId>>,
}

impl AgentDraft {
    fn into_profile(self) -> Result<(NewAgent, Option<UserId>), Problem> {
        let profile = NewAgent {
            name: text("name", &self.name, 1..=200)?,
            phone: number("phone", &self.phone)?,
            reach: self.reach.unwrap_or(Reach::Phone),
            groups: self.group_ids,
            max_concurrent_calls: at_once(self.max_concurrent_calls.unwrap_or(1))?,
            working_hours: self.working_hours.map(hours).transpose()?,
        };
        Ok((profile, self.user_id))
    }
}

impl AgentChange {
    fn apply(self, is: Agent) -> Result<(NewAgent, Option<UserId>), Problem> {
        let profile = is.profile;
        let profile = NewAgent {
            name: self.name.map_or(Ok(profile.name), |name| text("name", &name, 1..=200))?,
            phone: self.phone.map_or(Ok(profile.phone), |phone| number("phone", &phone))?,
            reach: self.reach.unwrap_or(profile.reach),
            groups: self.group_ids.unwrap_or(profile.groups),
            max_concurrent_calls: self
                .max_concurrent_calls
                .map_or(Ok(profile.max_concurrent_calls), at_once)?,
            working_hours: match self.working_hours {
                Some(terms) => terms.map(hours).transpose()?,
                None => profile.working_hours,
            },
        };
        Ok((profile, self.user_id.unwrap_or(is.user)))
    }
}

fn at_once(calls: u16) -> Result<u16, Problem> {
    if (1..=20).contains(&calls) {
        return Ok(calls);
    }
    Err(Problem::invalid("max_concurrent_calls", "expected 1 to 20"))
}

fn hours(terms: window::Terms) -> Result<CallingWindow, Problem> {
    calling_window("working_hours", terms)
}

/// Which agents to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AgentQuery {
    /// Only those of this team.
    #[param(value_type = Option<GroupIdText>)]
    group_id: Option<GroupId>,
    /// Only those who say this of themselves.
    #[param(value_type = Option<PresenceWord>)]
    presence: Option<Presence>,
    /// Only those who do this.
    #[param(value_type = Option<AgentStateWord>)]
    state: Option<agent::State>,
    /// Only those whose name begins so, in capital letters or not.
    name: Option<String>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List agents
///
/// Those who were removed are left out.
#[utoipa::path(get, path = "/api/agents", tag = "agents", params(AgentQuery), responses(
    (status = 200, description = "A page of agents, by name.", body = Page<AgentView>),
))]
async fn list_agents(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<AgentQuery>,
) -> Result<axum::Json<Page<AgentView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after: Option<(String, AgentId)> = page::after(asked.cursor.as_deref())?;
    let wanted = Wanted {
        group: asked.group_id,
        presence: asked.presence,
        state: asked.state,
        name: asked.name.as_deref(),
        after: after.as_ref().map(|(name, id)| (name.as_str(), *id)),
        limit: i64::from(limit) + 1,
    };
    let agents = api.engine.agents(principal.tenant, &wanted).await?;
    let place = |agent: &Agent| (agent.profile.name.clone(), agent.id);
    Ok(axum::Json(Page::of(agents, limit, place, AgentView::from)))
}

/// Create an agent
///
/// It is offline at first.
#[utoipa::path(post, path = "/api/agents", tag = "agents", request_body = AgentDraft, responses(
    (status = 201, description = "The agent.", body = AgentView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
    (status = 404, description = "There is no such group or user.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 409, description = "The user is another agent already.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn create_agent(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<AgentDraft>,
) -> Result<Response, Problem> {
    let (profile, user) = draft.into_profile()?;
    let agent = api.engine.create_agent(principal.tenant, AgentId(id), (&profile, user)).await?;
    let mut headers = HeaderMap::new();
    if let Ok(address) = HeaderValue::from_str(&format!("/api/agents/{}", agent.id)) {
        headers.insert(header::LOCATION, address);
    }
    Ok((StatusCode::CREATED, headers, versioned(agent)).into_response())
}

/// Get the agent that one is oneself
#[utoipa::path(get, path = "/api/agents/me", tag = "agents", responses(
    (status = 200, description = "The agent.", body = AgentView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 404, description = "Whoever asks takes no calls.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn get_own_agent(
    State(api): State<Api>,
    principal: Principal,
) -> Result<Versioned<AgentView>, Problem> {
    own(&api, &principal).await?.map(versioned).ok_or_else(|| Problem::not_found("agent"))
}

/// The agent that whoever asks is, if any.
pub(super) async fn own(api: &Api, principal: &Principal) -> Result<Option<Agent>, Problem> {
    match principal.actor {
        Actor::User { user, .. } => Ok(api.engine.agent_of(principal.tenant, user).await?),
        Actor::Key(_) => Ok(None),
    }
}

/// Get an agent
#[utoipa::path(get, path = "/api/agents/{agent_id}", tag = "agents",
    params(("agent_id" = inline(AgentIdText), Path, description = "The agent.")), responses(
    (status = 200, description = "The agent.", body = AgentView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_agent(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AgentId>,
) -> Result<Versioned<AgentView>, Problem> {
    Ok(versioned(api.engine.agent(principal.tenant, id).await?))
}

/// Change an agent
///
/// What is left out stays as it is. A call that the agent is on goes on as it is.
#[utoipa::path(put, path = "/api/agents/{agent_id}", tag = "agents", request_body = AgentChange,
    params(("agent_id" = inline(AgentIdText), Path, description = "The agent."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The agent as it is now.", body = AgentView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "It was removed, or the user is another agent already.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn update_agent(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AgentId>,
    IfMatch(expected): IfMatch,
    Json(change): Json<AgentChange>,
) -> Result<Versioned<AgentView>, Problem> {
    let is = api.engine.agent(principal.tenant, id).await?;
    // What is left out was read at this version, so the change is of it.
    let expected = expected.unwrap_or(is.version);
    let (profile, user) = change.apply(is)?;
    let of = (id, Some(expected));
    Ok(versioned(api.engine.update_agent(principal.tenant, of, (&profile, user)).await?))
}

/// Delete an agent
///
/// One who took calls is not listed any more, and kept for the calls that name it.
#[utoipa::path(delete, path = "/api/agents/{agent_id}", tag = "agents",
    params(("agent_id" = inline(AgentIdText), Path, description = "The agent."),
           ("If-Match" = Option<String>, Header, description = "The ETag that is to be deleted.")), responses(
    (status = 204, description = "Deleted."),
    (status = 409, description = "It is held for a call, or was removed before.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn delete_agent(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AgentId>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    api.engine.delete_agent(principal.tenant, (id, expected)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an agent says of itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "break", "reason": "lunch" }))]
struct AgentStatus {
    #[schema(value_type = PresenceWord)]
    status: Presence,
    /// Why it is on a break, 1 to 100 characters; only for breaks.
    #[schema(min_length = 1, max_length = 100)]
    reason: Option<String>,
}

/// Set whether an agent takes calls
///
/// A call it is on goes on. An agent may do this for itself, a manager for everybody.
#[utoipa::path(put, path = "/api/agents/{agent_id}/status", tag = "agents", request_body = AgentStatus,
    params(("agent_id" = inline(AgentIdText), Path, description = "The agent.")), responses(
    (status = 200, description = "The agent as it is now.", body = AgentView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn set_agent_status(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AgentId>,
    Json(asked): Json<AgentStatus>,
) -> Result<Versioned<AgentView>, Problem> {
    if asked.reason.is_some() && asked.status != Presence::Break {
        return Err(Problem::invalid("reason", "only a break has one"));
    }
    let reason = asked.reason.map(|reason| text("reason", &reason, 1..=100)).transpose()?;
    may_act_as(&api, &principal, id).await?;
    let status = (asked.status, reason.as_deref());
    api.engine.set_status(principal.tenant, id, status, api.clock.now()).await?;
    Ok(versioned(api.engine.agent(principal.tenant, id).await?))
}

/// Lets managers act for every agent, and agents for themselves.
///
/// # Errors
/// For everybody else.
pub(super) async fn may_act_as(api: &Api, principal: &Principal, agent: AgentId) -> Result<(), Problem> {
    if principal.role.covers(Role::Manager) {
        return Ok(());
    }
    match own(api, principal).await? {
        Some(own) if own.id == agent => Ok(()),
        _ => {
            let detail = "this is for the agent itself, or for a manager";
            Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
        }
    }
}
