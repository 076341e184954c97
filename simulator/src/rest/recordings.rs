//! Recordings: looked at, listed, listened to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::error::ApiError;
use super::form::Form;
use super::page::Listing;
use super::resource;
use crate::carrier::Carrier;
use crate::fact::Fact;
use crate::record::RecordingRecord;
use crate::wav::{Channels, Wav};

pub(super) async fn list(
    State(carrier): State<Arc<Carrier>>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    listed(&carrier, uri.path(), query, |_| true)
}

pub(super) async fn list_of_call(
    State(carrier): State<Arc<Carrier>>,
    Path((_, call)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, ApiError> {
    carrier.ledger.call(&call).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(listed(&carrier, uri.path(), query, |recording| recording.call.as_deref() == Some(&call)))
}

pub(super) async fn list_of_conference(
    State(carrier): State<Arc<Carrier>>,
    Path((_, conference)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, ApiError> {
    let known = carrier.ledger.read(|books| books.conference(&conference).is_some());
    if !known {
        return Err(ApiError::not_found(uri.path()));
    }
    Ok(listed(&carrier, uri.path(), query, |recording| recording.conference.as_deref() == Some(&conference)))
}

/// The resource with `.json`; the media itself without an extension or with `.wav`. There is no
/// MP3: asking for one is not found.
pub(super) async fn fetch(
    State(carrier): State<Arc<Carrier>>,
    Path((_, name)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let not_found = || ApiError::not_found(uri.path());
    let (sid, extension) = name.split_once('.').unwrap_or((&name, ""));
    let recording = find(&carrier, sid).ok_or_else(not_found)?;
    match extension {
        "json" => Ok(Json(resource::recording(&carrier, &recording)).into_response()),
        "" | "wav" if recording.status_at(carrier.clock.now()) == "completed" => {
            let query = Form::parse(query.unwrap_or_default().as_bytes());
            media(&recording, &query)
        }
        _ => Err(not_found()),
    }
}

pub(super) async fn remove(
    State(carrier): State<Arc<Carrier>>,
    Path((_, name)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<StatusCode, ApiError> {
    let sid = name.split('.').next().unwrap_or_default();
    let recording = find(&carrier, sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    carrier.record(Fact::RecordingRemoved { recording: recording.sid });
    Ok(StatusCode::NO_CONTENT)
}

fn media(recording: &RecordingRecord, query: &Form) -> Result<Response, ApiError> {
    let channels = match query.get("RequestedChannels") {
        Some("2") if recording.channels() < 2 => {
            return Err(ApiError::bad(21241, "Requested channels is invalid: the recording has one channel"));
        }
        Some("2") => Channels::Two,
        _ => Channels::One,
    };
    Ok(Wav::new(recording.duration_s().unwrap_or_default(), channels).into_response())
}

fn listed(
    carrier: &Carrier,
    path: &str,
    query: Option<String>,
    belongs: impl Fn(&RecordingRecord) -> bool,
) -> Json<Value> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let recordings: Vec<RecordingRecord> = carrier.ledger.read(|books| {
        let passes = |recording: &&RecordingRecord| {
            !recording.removed
                && belongs(recording)
                && query.get("CallSid").is_none_or(|call| recording.call.as_deref() == Some(call))
                && query.get("ConferenceSid").is_none_or(|room| recording.conference.as_deref() == Some(room))
                && resource::passes_dates(&query, "DateCreated", Some(recording.started.at))
        };
        books.recordings.iter().rev().filter(passes).cloned().collect()
    });
    let listing = Listing { name: "recordings", path, query: &query };
    Json(listing.answer(
        &recordings,
        |recording| recording.sid.clone(),
        |found| resource::recording(carrier, found),
    ))
}

fn find(carrier: &Carrier, sid: &str) -> Option<RecordingRecord> {
    carrier.ledger.read(|books| books.recording(sid).cloned()).filter(|recording| !recording.removed)
}
