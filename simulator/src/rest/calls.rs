//! Calls: placed, looked at, steered, listed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, RawQuery, State};
use axum::http::StatusCode;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::oneshot;

use super::error::ApiError;
use super::form::Form;
use super::page::Listing;
use super::resource;
use crate::call::{self, Control};
use crate::carrier::Carrier;
use crate::fact::Fact;
use crate::order::{Callback, Order, Source, TIME_LIMIT_MAX_S};
use crate::record::CallRecord;

pub(super) async fn create(
    State(carrier): State<Arc<Carrier>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let order = Order::from_form(&Form::parse(&body), &carrier.numbers())?;
    let live_calls = carrier.ledger.read(|books| books.live_calls);
    if let Some(calls_max) = carrier.config.max_calls.filter(|calls_max| live_calls >= *calls_max) {
        return Err(ApiError::too_many_calls(calls_max));
    }
    let record = call::place(&carrier, order).map_err(|error| {
        tracing::error!(%error, "a call was not accepted: the simulator's ledger cannot be written");
        ApiError::internal()
    })?;
    Ok((StatusCode::CREATED, Json(resource::created_call(&carrier, &record))))
}

pub(super) async fn fetch(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Value>, ApiError> {
    let record = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(resource::call(&carrier, &record)))
}

pub(super) async fn update(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let record = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    let form = Form::parse(&body);
    let amended = amended(&record.order, &form)?;
    if amended != record.order {
        control(&carrier, &record.sid, |ack| Control::Amend(Box::new(amended), ack)).await?;
    }
    if let Some(source) = Source::from_form(&form)? {
        control(&carrier, &record.sid, |ack| Control::Redirect(source, ack)).await?;
    }
    match form.get("Status") {
        None => {}
        Some("completed") => control(&carrier, &record.sid, Control::End).await?,
        Some("canceled") => control(&carrier, &record.sid, Control::Cancel).await?,
        Some(other) => {
            return Err(ApiError::bad(20001, format!("Status {other} is not completed or canceled")));
        }
    }
    let record = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(resource::call(&carrier, &record)))
}

pub(super) async fn remove(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<StatusCode, ApiError> {
    let record = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    if !record.status.is_final() {
        return Err(ApiError::bad(20009, "A call cannot be deleted while it is in progress"));
    }
    carrier.record(Fact::Removed { sid: record.sid });
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list(
    State(carrier): State<Arc<Carrier>>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let lag = SignedDuration::from_millis(i64::try_from(carrier.faults().list.lag_ms).unwrap_or(i64::MAX));
    let visible_until = Timestamp::now().checked_sub(lag).unwrap_or(Timestamp::MIN);
    let calls: Vec<CallRecord> = carrier.ledger.read(|books| {
        books
            .newest_first(query.get("To"))
            .filter(|call| !call.removed && call.created.real <= visible_until && passes(call, &query))
            .cloned()
            .collect()
    });
    let listing = Listing { name: "calls", path: uri.path(), query: &query };
    Json(listing.answer(&calls, |call| call.sid.clone(), |call| resource::call(&carrier, call)))
}

fn passes(call: &CallRecord, query: &Form) -> bool {
    query.get("From").is_none_or(|from| call.order.from == from)
        && query.get("Status").is_none_or(|status| call.status.as_resource_str() == status)
        // No call of ours is the child of another.
        && query.get("ParentCallSid").is_none()
        && resource::passes_dates(query, "StartTime", call.initiated.map(|moment| moment.at))
        && resource::passes_dates(query, "EndTime", call.ended.map(|moment| moment.at))
}

fn find(carrier: &Carrier, sid: &str) -> Option<CallRecord> {
    carrier.ledger.call(sid.strip_suffix(".json")?).filter(|call| !call.removed)
}

/// The order with what a modify request changes for later.
fn amended(order: &Order, form: &Form) -> Result<Order, ApiError> {
    let mut amended = order.clone();
    if let Some(callback) = Callback::from_form(form, "StatusCallback", "StatusCallbackMethod")? {
        amended.status_callback = Some(callback);
    }
    if let Some(callback) = Callback::from_form(form, "FallbackUrl", "FallbackMethod")? {
        amended.fallback = Some(callback);
    }
    amended.time_limit_s = form.number_or("TimeLimit", order.time_limit_s, 1..=TIME_LIMIT_MAX_S);
    Ok(amended)
}

/// Hands a wish to the call's task and waits until it is granted; a call that is over, or that
/// ends before it gets to the wish, refuses it.
async fn control(
    carrier: &Carrier,
    sid: &str,
    wish: impl FnOnce(oneshot::Sender<()>) -> Control,
) -> Result<(), ApiError> {
    let inbox = carrier.inbox(sid).ok_or_else(ApiError::not_in_progress)?;
    let (ack, granted) = oneshot::channel();
    inbox.send(wish(ack)).map_err(|_| ApiError::not_in_progress())?;
    granted.await.map_err(|_| ApiError::not_in_progress())
}
