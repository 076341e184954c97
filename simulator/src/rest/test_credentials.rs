//! Test credentials: requests for calls are checked like any other, and nothing comes of them.
//!
//! No telephone rings, no document is fetched, no callback is sent, and the ledger knows of nothing. Which numbers are
//! accepted is decided by the magic numbers in `order.rs`: such an account has no numbers of its own. Messages and
//! the purchase of numbers, which real test credentials also try out, are not simulated.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::error::ApiError;
use super::form::Form;
use super::{gate, resource};
use crate::books::{Opening, opened_call};
use crate::carrier::Carrier;
use crate::fact::Moment;
use crate::order::Order;
use crate::scenario::Scenario;
use crate::sid;

/// All that test credentials may do.
pub(crate) fn router(carrier: &Arc<Carrier>) -> Router<Arc<Carrier>> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Calls.json", post(create))
        .fallback(|| async { ApiError::not_for_tests() })
        .method_not_allowed_fallback(|| async { ApiError::not_for_tests() })
        .layer(from_fn_with_state(Arc::clone(carrier), gate::authenticate))
        .layer(from_fn_with_state(Arc::clone(carrier), gate::add_headers))
}

async fn create(
    State(carrier): State<Arc<Carrier>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let order = Order::from_form(&Form::parse(&body), &carrier.numbers())?;
    let moment = Moment { at: carrier.clock.now(), real: Timestamp::now() };
    // Nobody is called, so it does not matter who would not answer.
    let record = opened_call(sid::new("CA"), order, Scenario::NoAnswer, Opening { moment, queue_time_ms: 0 });
    Ok((StatusCode::CREATED, Json(resource::created_call(&carrier, &record))))
}
