//! Events: what happened, read after a cursor.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::Error;
use warmline_engine::feed::{Entry, From as Since};
use warmline_workflows::EventId;
use warmline_workflows::feed::Kind;

use super::Api;
use super::extract::Query;
use super::page;
use super::principal::Principal;
use super::schema::{EventIdText, EventKindWord};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_events))
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event, example = json!({
    "id": "evt_0000000000012d4500000000000000a7", "type": "call.dispositioned", "timestamp": "2026-11-23T15:04:05Z",
    "data": { "call_id": "call_0193642f2b0a7c10a3f4c0ffee000001", "disposition": "answered", "talk_s": 95 },
}))]
struct EventView {
    /// The same to everybody who is told, however often.
    #[schema(value_type = EventIdText)]
    id: EventId,
    #[serde(rename = "type")]
    #[schema(value_type = EventKindWord)]
    kind: Kind,
    /// When it happened.
    timestamp: Timestamp,
    /// What happened, by its type: ids and words, nothing personal.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
}

impl From<Entry> for EventView {
    fn from(entry: Entry) -> Self {
        Self { id: entry.id, kind: entry.kind, timestamp: entry.at, data: entry.data }
    }
}

/// A stretch of what happened.
#[derive(Debug, Serialize, ToSchema)]
struct EventPage {
    /// In their order.
    data: Vec<EventView>,
    /// What to send as `cursor` to read on. There always is one, for more will happen.
    next: String,
    /// Whether there is more right now.
    more: bool,
}

/// Which events to read.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// What `next` of the page before said; `now` for what happens from now on. Left out, reading begins with the
    /// oldest event that is kept.
    cursor: Option<String>,
    /// Only these types, separated by commas.
    #[param(example = "call.opened,call.dispositioned")]
    types: Option<String>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Seconds to wait, up to 20, when there is nothing yet.
    #[param(minimum = 0, maximum = 20)]
    wait_s: Option<u32>,
}

/// A process that ends lets requests finish; this is shorter than it waits for them.
const WAIT_MAX_S: u32 = 20;
/// How often a request that waits looks again.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// List events
///
/// In the order in which they were stored, each exactly once: whoever reads on from `next` misses nothing. Events are
/// kept for 30 days.
#[utoipa::path(get, path = "/api/events", tag = "events", params(EventQuery), responses(
    (status = 200, description = "A page of events, the oldest first.", body = EventPage),
    (status = 410, description = "Events behind the cursor are no longer kept: begin anew, without one.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn list_events(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<EventQuery>,
) -> Result<axum::Json<EventPage>, Problem> {
    let limit = page::limit(asked.limit)?;
    let kinds = kinds("types", asked.types.as_deref().unwrap_or_default())?;
    let wait_s = asked.wait_s.unwrap_or(0);
    if wait_s > WAIT_MAX_S {
        return Err(invalid("wait_s", format!("expected 0 to {WAIT_MAX_S}")));
    }
    let mut since = match asked.cursor.as_deref() {
        None => Since::Start,
        Some("now") => Since::Now,
        Some(cursor) => Since::After(cursor.parse().map_err(|error| invalid("cursor", error))?),
    };
    let until = Instant::now() + Duration::from_secs(u64::from(wait_s));
    loop {
        let page = api.engine.events_after(principal.tenant, since, &kinds, limit).await.map_err(gone)?;
        if !page.entries.is_empty() || Instant::now() >= until {
            let data = page.entries.into_iter().map(EventView::from).collect();
            return Ok(axum::Json(EventPage { data, next: page.next.to_string(), more: page.more }));
        }
        since = Since::After(page.next);
        if !page.more {
            tokio::time::sleep_until((Instant::now() + LOOK_EVERY).min(until)).await;
        }
    }
}

/// Reads types of events, separated by commas.
///
/// # Errors
/// When one is not known, naming the field.
fn kinds(field: &str, text: &str) -> Result<Vec<Kind>, Problem> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| word.parse().map_err(|error| invalid(field, error))).collect()
}

fn invalid(field: &str, why: impl std::fmt::Display) -> Problem {
    Problem { code: "invalid_query", ..Problem::invalid(field, why) }
}

fn gone(error: Error) -> Problem {
    match error {
        Error::Refused(why) => Problem {
            field: Some("cursor".to_owned()),
            ..Problem::new(StatusCode::GONE, "cursor_expired", why)
        },
        other => other.into(),
    }
}
