//! Mischief: the faults of the REST surface.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::error::ApiError;
use crate::carrier::Carrier;
use crate::faults::{ListFaults, RestFaults};
use crate::line::Abort;

/// A minute, which outlasts the patience of any client.
const HANG_MS: u64 = 60_000;

/// Lets a request through, or does what the faults say.
pub(super) async fn apply(
    State(carrier): State<Arc<Carrier>>,
    Extension(ConnectInfo(line)): Extension<ConnectInfo<Abort>>,
    request: Request,
    next: Next,
) -> Response {
    let faults = carrier.faults();
    let path = request.uri().path();
    match *request.method() {
        Method::POST if path.ends_with("/Calls.json") => {
            mistreat(&carrier, &faults.create, line, (request, next)).await
        }
        Method::POST | Method::DELETE => mistreat(&carrier, &faults.update, line, (request, next)).await,
        Method::GET if path.ends_with("s.json") => delay_list(&carrier, &faults.list, (request, next)).await,
        _ => next.run(request).await,
    }
}

async fn mistreat(
    carrier: &Carrier,
    faults: &RestFaults,
    line: Abort,
    (request, next): (Request, Next),
) -> Response {
    let mut chance = carrier.request_chance();
    let mut hit = |share: f64| {
        let hit = chance < share;
        chance -= share;
        hit
    };
    if hit(faults.too_many) {
        return ApiError::too_many_requests().into_response();
    }
    if hit(faults.refuse) {
        return unavailable();
    }
    if hit(faults.error_after) {
        next.run(request).await;
        return ApiError::internal().into_response();
    }
    if hit(faults.reset_after) {
        next.run(request).await;
        return reset(line);
    }
    if hit(faults.hang_after) {
        next.run(request).await;
        let hang = Duration::from_millis(if faults.hang_ms == 0 { HANG_MS } else { faults.hang_ms });
        carrier.running.run_until_cancelled(tokio::time::sleep(hang)).await;
        return reset(line);
    }
    let slow = hit(faults.slow);
    let response = next.run(request).await;
    if slow {
        carrier.running.run_until_cancelled(tokio::time::sleep(Duration::from_millis(faults.slow_ms))).await;
    }
    response
}

async fn delay_list(carrier: &Carrier, faults: &ListFaults, (request, next): (Request, Next)) -> Response {
    if faults.refuse > 0.0 && carrier.request_chance() < faults.refuse {
        return unavailable();
    }
    let response = next.run(request).await;
    if faults.delay_ms > 0 {
        carrier.running.run_until_cancelled(tokio::time::sleep(Duration::from_millis(faults.delay_ms))).await;
    }
    response
}

/// What a proxy in front of the service says: HTML, and no code.
fn unavailable() -> Response {
    let page = Html("<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], page).into_response()
}

/// Resets the connection. The response is never written: its first byte meets the abort.
fn reset(line: Abort) -> Response {
    line.abort();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
