//! Participants: the legs in a live conference.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, RawQuery, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::Value;

use super::error::ApiError;
use super::form::Form;
use super::page::Listing;
use super::resource;
use crate::carrier::Carrier;
use crate::room::{Attendee, Change};
use crate::rooms::Place;

pub(super) async fn list(
    State(carrier): State<Arc<Carrier>>,
    Path((_, conference)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, ApiError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    // A conference that is over has no participants; one that never was is not found.
    let sid = carrier
        .rooms
        .sid_of(&conference)
        .or_else(|| carrier.ledger.read(|books| books.conference(&conference).map(|room| room.sid.clone())))
        .ok_or_else(|| ApiError::not_found(uri.path()))?;
    let mut attendees = carrier.rooms.attendees(&sid);
    attendees.reverse();
    for (name, value) in [("Muted", Attendee::is_muted as fn(&Attendee) -> bool), ("Hold", Attendee::is_held)]
    {
        if let Some(wanted) = query.get(name) {
            attendees.retain(|attendee| value(attendee) == wanted.eq_ignore_ascii_case("true"));
        }
    }
    let listing = Listing { name: "participants", path: uri.path(), query: &query };
    let render = |attendee: &Attendee| resource::participant(&carrier, &sid, attendee);
    Ok(Json(listing.answer(&attendees, |attendee| attendee.call_sid.clone(), render)))
}

pub(super) async fn fetch(
    State(carrier): State<Arc<Carrier>>,
    Path(path): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Value>, ApiError> {
    show(&carrier, &path).ok_or_else(|| ApiError::not_found(uri.path()))
}

pub(super) async fn update(
    State(carrier): State<Arc<Carrier>>,
    Path(path): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let not_found = || ApiError::not_found(uri.path());
    let form = Form::parse(&body);
    let flag = |name| form.get(name).map(|value| value.eq_ignore_ascii_case("true"));
    let change =
        Change { muted: flag("Muted"), hold: flag("Hold"), end_on_exit: flag("EndConferenceOnExit") };
    let (conference, attendee) = find(&carrier, &path).ok_or_else(not_found)?;
    let place = Place { conference: &conference, call_sid: &attendee.call_sid };
    if !carrier.rooms.change(&carrier, place, change) {
        return Err(not_found());
    }
    show(&carrier, &path).ok_or_else(not_found)
}

pub(super) async fn remove(
    State(carrier): State<Arc<Carrier>>,
    Path(path): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<StatusCode, ApiError> {
    let kicked = find(&carrier, &path).is_some_and(|(conference, attendee)| {
        carrier.rooms.kick(&carrier, Place { conference: &conference, call_sid: &attendee.call_sid })
    });
    if kicked { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found(uri.path())) }
}

fn show(carrier: &Carrier, path: &(String, String, String)) -> Option<Json<Value>> {
    let (conference, attendee) = find(carrier, path)?;
    Some(Json(resource::participant(carrier, &conference, &attendee)))
}

/// A participant by call sid or label, in a conference by sid or name.
fn find(carrier: &Carrier, (_, conference, who): &(String, String, String)) -> Option<(String, Attendee)> {
    let who = who.strip_suffix(".json").unwrap_or(who);
    let sid = carrier.rooms.sid_of(conference)?;
    let attendee = carrier
        .rooms
        .attendees(&sid)
        .into_iter()
        .find(|found| found.call_sid == who || found.label == who)?;
    Some((sid, attendee))
}

impl Attendee {
    fn is_muted(&self) -> bool {
        self.muted
    }

    fn is_held(&self) -> bool {
        self.hold
    }
}
