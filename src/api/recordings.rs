//! Recordings: heard by a link that is soon over, and deleted.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::recordings::Known;
use warmline_twilio::client::Format;
use warmline_workflows::CallId;
use warmline_workflows::recording::Status;

use super::Api;
use super::extract::Id;
use super::principal::Principal;
use super::schema::{CallIdText, RecordingStatusWord};
use super::token::{Link, link_ends};
use crate::hex::hex;
use crate::media::{self, File};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(delete_recordings))
        .routes(routes!(link_recordings))
        .routes(routes!(hear_recording))
}

/// A recording of a call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recording)]
pub(super) struct RecordingView {
    /// The carrier's name for it.
    sid: String,
    /// What has become of it.
    #[schema(value_type = RecordingStatusWord)]
    status: Status,
    /// Length in seconds.
    duration_s: i32,
    /// When it was complete.
    completed_at: Timestamp,
    /// When it came into the store, on the machine's clock.
    stored_at: Option<Timestamp>,
    /// Its size, once it is in the store.
    bytes: Option<i64>,
    /// The SHA-256 of its bytes in hexadecimal digits, once it is in the store.
    sha256: Option<String>,
    /// Why it is not yet where it should be, or still where it should not.
    error: Option<String>,
}

impl From<Known> for RecordingView {
    fn from(known: Known) -> Self {
        Self {
            sid: known.recording_sid,
            status: known.status,
            duration_s: known.duration_s,
            completed_at: known.completed_at,
            stored_at: known.stored_at,
            bytes: known.bytes,
            sha256: known.sha256.as_deref().map(hex),
            error: known.last_error,
        }
    }
}

/// Links to what was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct RecordingLinks {
    /// One for each recording that is in the store.
    data: Vec<RecordingLink>,
}

/// A link to a recording.
#[derive(Debug, Serialize, ToSchema)]
struct RecordingLink {
    /// The carrier's name for it.
    sid: String,
    /// Where it is heard, on this server. Whoever has it needs no login.
    #[schema(example = "/api/recordings/eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9")]
    path: String,
    /// When the link is good for nothing any more.
    expires_at: Timestamp,
    /// Length in seconds.
    duration_s: i32,
}

/// Get links to listen
///
/// They are good for five minutes. The audit log says who asked for them.
#[utoipa::path(post, path = "/api/calls/{call_id}/recording-links", tag = "calls",
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 200, description = "The links; none as long as nothing is in the store.", body = RecordingLinks),
))]
async fn link_recordings(
    State(api): State<Api>,
    principal: Principal,
    Id(call): Id<CallId>,
) -> Result<axum::Json<RecordingLinks>, Problem> {
    // Of another organisation, or of none, there is nothing to hear.
    api.engine.agent_on(principal.tenant, call).await?;
    let expires_at = link_ends();
    let stored = api.engine.recordings(principal.tenant, call).await?;
    let stored = stored.into_iter().filter(|known| known.status == Status::Stored);
    let link = |known: Known| {
        let link = Link { tenant: principal.tenant, call, recording_sid: known.recording_sid };
        let token = api.keys.sign_link(&link).ok_or_else(Problem::internal)?;
        let path = format!("/api/recordings/{token}");
        Ok(RecordingLink { sid: link.recording_sid, path, expires_at, duration_s: known.duration_s })
    };
    Ok(axum::Json(RecordingLinks { data: stored.map(link).collect::<Result<_, Problem>>()? }))
}

/// Listen to a recording
///
/// By a link. A part is sent to whoever asks for one, as players do.
#[utoipa::path(get, path = "/api/recordings/{token}", tag = "calls",
    params(("token" = String, Path, description = "What the link ends in."),
           ("Range" = Option<String>, Header, description = "Which bytes, such as `bytes=0-65535`.")), responses(
    (status = 200, description = "The sound.", content_type = "audio/x-wav", body = Vec<u8>),
    (status = 206, description = "The part that was asked for.", content_type = "audio/x-wav", body = Vec<u8>),
    (status = 404, description = "The link is not ours, or over, or the recording is deleted.",
     body = crate::problem::Body, content_type = "application/problem+json"),
    (status = 416, description = "It has no such part.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn hear_recording(
    State(api): State<Api>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let gone = || Problem::not_found("recording, or the link is over: ask for another");
    let link = api.keys.verify_link(&token).ok_or_else(gone)?;
    let known = api.engine.recordings(link.tenant, link.call).await?;
    let known = known.into_iter().find(|known| known.recording_sid == link.recording_sid);
    let (object, bytes) = known
        .filter(|known| known.status == Status::Stored)
        .and_then(|known| known.object.zip(known.bytes.and_then(|bytes| u64::try_from(bytes).ok())))
        .ok_or_else(gone)?;
    let kind = object.rsplit('.').next().and_then(Format::read).map_or("audio/x-wav", Format::media_type);
    media::send(&api.store, &File { object, bytes, kind }, &headers).await
}

/// Delete the recordings of a call
///
/// In the store and at the carrier, within seconds as a rule. A call without any has none afterwards, either.
#[utoipa::path(delete, path = "/api/calls/{call_id}/recordings", tag = "calls",
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 204, description = "They are being deleted, and cannot be heard any more."),
))]
async fn delete_recordings(
    State(api): State<Api>,
    principal: Principal,
    Id(call): Id<CallId>,
) -> Result<StatusCode, Problem> {
    api.engine.agent_on(principal.tenant, call).await?;
    api.engine.erase_recordings(principal.tenant, call).await?;
    Ok(StatusCode::NO_CONTENT)
}
