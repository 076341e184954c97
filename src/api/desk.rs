//! The desk: what lies before an agent, and what it does about it.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::agents::desk::{Answer, NOTES_CHARS_MAX, OnDesk};
use warmline_engine::calls::sound::Sound;
use warmline_workflows::agent::Reservation;
use warmline_workflows::{CallId, Role};

use super::Api;
use super::agents::{AgentView, may_act_as, own};
use super::calls::{CallView, SummaryView, key, whole};
use super::extract::{Id, Json};
use super::idempotency::NewId;
use super::leads::LeadView;
use super::principal::Principal;
use super::schema::{CallIdText, ReservationWord};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_own_desk))
        .routes(routes!(accept_call))
        .routes(routes!(decline_call))
        .routes(routes!(set_call_sound))
        .routes(routes!(keep_call_notes))
}

/// What lies before an agent.
#[derive(Serialize, ToSchema)]
struct Desk {
    /// Business time.
    now: Timestamp,
    /// The agent, and what it is doing.
    agent: AgentView,
    /// The calls it is held for, the one it was chosen for first at the top.
    calls: Vec<DeskCall>,
}

/// A call that an agent is held for.
#[derive(Serialize, ToSchema)]
struct DeskCall {
    #[serde(flatten)]
    summary: SummaryView,
    /// How far the agent is with it.
    #[schema(value_type = ReservationWord)]
    stage: Reservation,
    /// Since when.
    stage_since: Timestamp,
    /// When the agent was chosen for it.
    reserved_at: Timestamp,
    /// When the offer, or the after-call work, ends by itself.
    ends_at: Option<Timestamp>,
    /// Whether the agent accepted, and its phone is not picked up yet.
    accepted: bool,
    /// Whether the lead is on hold.
    held: bool,
    /// Whether the agent is muted.
    muted: bool,
    /// What to read from.
    script: String,
    /// Whom it is to.
    lead: LeadView,
    /// What the agent has noted.
    notes: String,
    /// Earlier calls to the lead, the last one first.
    history: Vec<SummaryView>,
}

impl From<OnDesk> for DeskCall {
    fn from(call: OnDesk) -> Self {
        Self {
            summary: call.detail.summary.into(),
            stage: call.stage,
            stage_since: call.since,
            reserved_at: call.reserved_at,
            ends_at: call.ends_at,
            accepted: call.is_accepted,
            held: call.is_held,
            muted: call.is_muted,
            script: call.script,
            lead: call.lead.into(),
            notes: call.notes,
            history: call.history.into_iter().map(SummaryView::from).collect(),
        }
    }
}

/// Get one's own desk
///
/// For an agent: what it is doing, and the calls it is held for, with all that helps in them.
#[utoipa::path(get, path = "/api/agents/me/desk", tag = "desk", responses(
    (status = 200, description = "The desk.", body = Desk),
    (status = 404, description = "Whoever asks takes no calls.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn get_own_desk(State(api): State<Api>, principal: Principal) -> Result<axum::Json<Desk>, Problem> {
    let agent = own(&api, &principal).await?.ok_or_else(|| Problem::not_found("agent"))?;
    let desk = api.engine.desk(principal.tenant, agent.id).await?;
    Ok(axum::Json(Desk {
        now: api.clock.now(),
        agent: desk.agent.into(),
        calls: desk.calls.into_iter().map(DeskCall::from).collect(),
    }))
}

/// Accept a call
///
/// What the agent's key does, having heard the whisper; here, it may come before the phone is picked up: then there is no
/// whisper. For the agent whom the call is offered to, and for managers.
#[utoipa::path(post, path = "/api/calls/{call_id}/accept", tag = "desk",
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 200, description = "The call as it is now.", body = CallView),
    (status = 409, description = "It is not offered to anybody, or any more.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn accept_call(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
    NewId(request): NewId,
) -> Result<axum::Json<CallView>, Problem> {
    answer(&api, &principal, (id, Answer::Accept), request).await
}

/// Decline a call
///
/// It is offered to another agent. For the agent whom the call is offered to, and for managers.
#[utoipa::path(post, path = "/api/calls/{call_id}/decline", tag = "desk",
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 200, description = "The call as it is now.", body = CallView),
    (status = 409, description = "It is not offered to anybody, or any more.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn decline_call(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
    NewId(request): NewId,
) -> Result<axum::Json<CallView>, Problem> {
    answer(&api, &principal, (id, Answer::Decline), request).await
}

async fn answer(
    api: &Api,
    principal: &Principal,
    (id, answer): (CallId, Answer),
    request: Uuid,
) -> Result<axum::Json<CallView>, Problem> {
    let Some(agent) = api.engine.offered_to(principal.tenant, id).await? else {
        // Whether it was ever one's own business is not said.
        let detail = "this call is not offered to anybody, or any more";
        return Err(Problem::new(StatusCode::CONFLICT, "refused", detail));
    };
    may_act_as(api, principal, agent).await?;
    let of = (key(request), api.clock.now());
    api.engine.answer_offer(principal.tenant, (id, agent), answer, of).await?;
    Ok(axum::Json(whole(api, principal.tenant, id).await?))
}

/// What is to be heard in a conversation. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "held": true }))]
struct CallSound {
    /// Whether the lead hears music, and nobody the lead.
    held: Option<bool>,
    /// Whether the lead does not hear the agent.
    muted: Option<bool>,
}

/// Hold or mute
///
/// Puts the lead on hold, or mutes the agent, or the reverse; what is so already stays so. The carrier does it a moment
/// later. For the agent who talks with the lead, and for managers.
#[utoipa::path(put, path = "/api/calls/{call_id}/sound", tag = "desk", request_body = CallSound,
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 204, description = "It is so, or is about to be."),
    (status = 409, description = "Lead and agent are not connected, or not any more.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn set_call_sound(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
    Json(asked): Json<CallSound>,
) -> Result<StatusCode, Problem> {
    if asked.held.is_none() && asked.muted.is_none() {
        return Err(Problem::invalid("held", "say whether the lead is `held`, the agent `muted`, or both"));
    }
    may_handle(&api, &principal, id).await?;
    for sound in [asked.held.map(Sound::Hold), asked.muted.map(Sound::Mute)].into_iter().flatten() {
        let of = (key(Uuid::now_v7()), api.clock.now());
        api.engine.set_sound(principal.tenant, id, sound, of).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What is noted during a call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "notes": "Wants an offer for 40 ft containers, decides in January." }))]
struct CallNotes {
    /// All of it, at most 10000 characters.
    #[schema(max_length = 10_000)]
    notes: String,
}

/// Keep the notes on a call
///
/// In place of what was noted before: to be sent again and again while somebody types. For agents who are held for the
/// call or talked with the lead, and for managers.
#[utoipa::path(put, path = "/api/calls/{call_id}/notes", tag = "desk", request_body = CallNotes,
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 204, description = "Kept."),
))]
async fn keep_call_notes(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
    Json(asked): Json<CallNotes>,
) -> Result<StatusCode, Problem> {
    if asked.notes.chars().count() > NOTES_CHARS_MAX || asked.notes.contains('\0') {
        return Err(Problem::invalid("notes", "expected at most 10000 characters, none of them NUL"));
    }
    may_handle(&api, &principal, id).await?;
    api.engine.keep_notes(principal.tenant, id, &asked.notes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets managers handle every call, and agents those that they are held for, or talked in.
///
/// # Errors
/// For everybody else.
pub(super) async fn may_handle(api: &Api, principal: &Principal, call: CallId) -> Result<(), Problem> {
    if principal.role.covers(Role::Manager) {
        return Ok(());
    }
    let own = own(api, principal).await?.map(|agent| agent.id);
    let agents = api.engine.agents_with(principal.tenant, call).await?;
    if own.is_some_and(|own| agents.contains(&own)) {
        return Ok(());
    }
    let detail = "this is for the agent whose call it is, or for a manager";
    Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
}
