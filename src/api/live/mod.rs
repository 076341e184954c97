//! Live: what happens, told as it happens, and the floor as it stands.

mod hub;
mod message;
mod socket;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::feed::Cursor;
use warmline_engine::identity::tickets;

use self::socket::Listener;
use super::Api;
use super::agents::AgentView;
use super::calls::SummaryView;
use super::extract::Query;
use super::principal::Principal;
use super::token::Secret;
use crate::problem::Problem;

pub(super) use hub::Hub;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(issue_live_ticket))
        .routes(routes!(open_live))
        .routes(routes!(get_board))
}

/// What tickets begin with.
const PREFIX: &str = "wlt_";
/// A browser sends a few bytes, now and then.
const MESSAGE_BYTES_MAX: usize = 4096;

/// A ticket for one live connection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "ticket": "wlt_AZNkLysKfBCj9MD_7gAAAQ", "expires_in_s": 30 }))]
struct LiveTicket {
    /// Goes into the address: `/api/live?ticket=...`.
    ticket: String,
    /// Seconds that it is good for.
    expires_in_s: u64,
}

/// Get a ticket for a live connection
///
/// Browsers cannot send a token when they open a WebSocket. A ticket stands in for it, once, within half a minute.
#[utoipa::path(post, path = "/api/live/tickets", tag = "live", responses(
    (status = 201, description = "The ticket.", body = LiveTicket),
))]
async fn issue_live_ticket(
    State(api): State<Api>,
    principal: Principal,
) -> Result<(StatusCode, axum::Json<LiveTicket>), Problem> {
    let (_, session) = principal.person()?;
    let secret = Secret::new(principal.tenant, Uuid::now_v7());
    api.engine.issue_ticket(principal.tenant, (secret.row, &secret.digest()), session).await?;
    let ticket = LiveTicket { ticket: secret.text(PREFIX), expires_in_s: tickets::LASTS.as_secs() };
    Ok((StatusCode::CREATED, axum::Json(ticket)))
}

/// How a live connection begins.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LiveQuery {
    /// The ticket.
    ticket: String,
    /// The `cursor` of the last message of the connection before: what happened since is told first.
    cursor: Option<String>,
}

/// Open a live connection
///
/// A WebSocket on which is told what happens: to managers all events of the organisation, to agents those about
/// themselves. Messages are JSON objects with a `type`: `hello`, `events`, `beat` every five seconds, and `resync` when
/// events were missed that are no longer kept. Each bears a `cursor` to begin the next connection with, so that nothing
/// is missed in between. As long as it is open, an agent's console counts as being there.
#[utoipa::path(get, path = "/api/live", tag = "live", params(LiveQuery), responses(
    (status = 101, description = "The connection is open."),
    (status = 401, description = "The ticket is not known, was used, or is over.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 403, description = "The page is of another origin.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 426, description = "It is no request for a WebSocket.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn open_live(
    State(api): State<Api>,
    headers: HeaderMap,
    Query(asked): Query<LiveQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| {
        let detail = "open this address as a WebSocket";
        Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", detail)
    })?;
    if !is_ours(&headers, &api.settings.cors_origins) {
        let detail = "a page of another origin may not connect: see CORS_ORIGINS";
        return Err(Problem::new(StatusCode::FORBIDDEN, "wrong_origin", detail));
    }
    let refused = || {
        let detail = "the ticket is not known, was used, or is over: get another at /api/live/tickets";
        Problem::new(StatusCode::UNAUTHORIZED, "invalid_ticket", detail)
    };
    let shown = Secret::read(PREFIX, &asked.ticket).ok_or_else(refused)?;
    // Before the ticket is used up.
    let after: Option<Cursor> = asked
        .cursor
        .map(|cursor| cursor.parse())
        .transpose()
        .map_err(|error| Problem { code: "invalid_query", ..Problem::invalid("cursor", error) })?;
    let session = api.engine.use_ticket(shown.tenant, (shown.row, &shown.digest())).await?;
    let session = session.ok_or_else(refused)?;
    let standing = api.sessions.standing(&api.engine, shown.tenant, session).await?.ok_or_else(refused)?;
    let agent = api.engine.agent_of(shown.tenant, standing.user).await?.map(|agent| agent.id);
    let listener = Listener { tenant: shown.tenant, session, role: standing.role, agent };
    Ok(upgrade
        .max_message_size(MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| socket::serve(api, socket, listener, after)))
}

/// Whether a page of ours asks, or one that may use the API from elsewhere; or no browser at all.
fn is_ours(headers: &HeaderMap, others: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    (authority.is_some() && authority == host) || others.iter().any(|other| other == origin)
}

/// How the floor stands.
#[derive(Debug, Serialize, ToSchema)]
struct Board {
    /// Business time.
    now: Timestamp,
    /// What is told live from here on is not in it, or may be for a second time.
    cursor: String,
    /// The agents, by name.
    agents: Vec<AgentView>,
    /// The calls that are not over, the newest first.
    calls: Vec<SummaryView>,
    /// Calls that are not over, by state.
    #[schema(example = json!({ "dialing": 12, "bridged": 30 }))]
    calls_by_state: BTreeMap<String, usize>,
    /// What waits to be done, by queue: dial, live, records.
    #[schema(example = json!({ "dial": 3 }))]
    queues: BTreeMap<String, i64>,
    /// Leads that are due, counted no further than 10000.
    leads_due: i64,
}

/// Get the board
///
/// The agents, the calls that are not over, and what waits: to be kept up to date by a live connection that begins at
/// its `cursor`.
#[utoipa::path(get, path = "/api/live/board", tag = "live", responses(
    (status = 200, description = "The board.", body = Board),
))]
async fn get_board(State(api): State<Api>, principal: Principal) -> Result<axum::Json<Board>, Problem> {
    let now = api.clock.now();
    let board = api.engine.board(principal.tenant, now).await?;
    let mut calls_by_state = BTreeMap::new();
    for call in &board.calls {
        *calls_by_state.entry(call.state.clone()).or_insert(0) += 1;
    }
    Ok(axum::Json(Board {
        now,
        cursor: board.cursor.to_string(),
        agents: board.agents.into_iter().map(AgentView::from).collect(),
        calls: board.calls.into_iter().map(SummaryView::from).collect(),
        calls_by_state,
        queues: board.queues.into_iter().collect(),
        leads_due: board.leads_due,
    }))
}
