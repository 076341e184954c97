//! Conferences: looked at, listed, ended.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, RawQuery, State};
use bytes::Bytes;
use serde_json::Value;

use super::error::ApiError;
use super::form::Form;
use super::page::Listing;
use super::resource;
use crate::carrier::Carrier;
use crate::record::ConferenceRecord;

pub(super) async fn fetch(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Value>, ApiError> {
    let room = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(resource::conference(&carrier, &room)))
}

pub(super) async fn update(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let room = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    match Form::parse(&body).get("Status") {
        Some("completed") => carrier.rooms.end(&carrier, &room.sid),
        _ => return Err(ApiError::bad(20001, "a conference can only be updated to Status=completed")),
    };
    let room = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(resource::conference(&carrier, &room)))
}

pub(super) async fn list(
    State(carrier): State<Arc<Carrier>>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let rooms: Vec<ConferenceRecord> = carrier
        .ledger
        .read(|books| books.conferences.iter().rev().filter(|room| passes(room, &query)).cloned().collect());
    let listing = Listing { name: "conferences", path: uri.path(), query: &query };
    Json(listing.answer(&rooms, |room| room.sid.clone(), |room| resource::conference(&carrier, room)))
}

fn passes(room: &ConferenceRecord, query: &Form) -> bool {
    query.get("FriendlyName").is_none_or(|name| room.name == name)
        && query.get("Status").is_none_or(|status| resource::conference_status(room) == status)
        && resource::passes_dates(query, "DateCreated", Some(room.opened.at))
        && resource::passes_dates(query, "DateUpdated", Some(room.updated))
}

fn find(carrier: &Carrier, sid: &str) -> Option<ConferenceRecord> {
    let sid = sid.strip_suffix(".json")?;
    carrier.ledger.read(|books| books.conference(sid).cloned())
}
