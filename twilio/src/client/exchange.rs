//! One request and what came of it.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use reqwest::{RequestBuilder, Response, StatusCode};

/// The longest answer that is read. A page of calls has under 1 KB for each.
const BODY_MAX_BYTES: usize = 4 << 20;

/// The longest wait we let the carrier ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// What came of a request.
pub(super) enum Outcome {
    /// The carrier answered.
    Answered(Answer),
    /// There was no connection, so that nothing was sent.
    NotSent(String),
    /// It may have been received.
    Unknown(String),
}

/// An answer of the carrier, or of something in between that speaks for it.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// How long to wait, if it says so.
    pub(super) retry_after: Option<Duration>,
    /// The carrier's id of the request, for its support.
    pub(super) request_id: Option<String>,
    /// The body; empty when it could not be read whole.
    pub(super) body: Vec<u8>,
}

/// Performs a request. `what` names it in the log.
pub(super) async fn perform(what: &'static str, request: RequestBuilder) -> Outcome {
    let start = Instant::now();
    let response = request.send().await;
    let duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    match response {
        Ok(response) => {
            let status = response.status();
            let request_id = header(&response, "Twilio-Request-Id");
            tracing::debug!(
                http.status = status.as_u16(),
                carrier.request_id = request_id.as_deref(),
                carrier.concurrent_requests = header(&response, "Twilio-Concurrent-Requests").as_deref(),
                duration_ms,
                "{what}: carrier answered"
            );
            let retry_after = header(&response, "Retry-After")
                .and_then(|seconds| seconds.parse().ok())
                .map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX));
            Outcome::Answered(Answer { status, retry_after, request_id, body: body(response).await })
        }
        // Only then is it certain that no byte of the request was written.
        Err(error) if error.is_connect() => {
            let reason = explain(error);
            tracing::debug!(duration_ms, "{what}: not sent: {reason}");
            Outcome::NotSent(reason)
        }
        Err(error) => {
            let reason = explain(error);
            tracing::debug!(duration_ms, "{what}: no answer: {reason}");
            Outcome::Unknown(reason)
        }
    }
}

async fn body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= BODY_MAX_BYTES => body.extend_from_slice(&chunk),
            Ok(None) => return body,
            // Half an answer is none.
            Ok(Some(_)) | Err(_) => return Vec::new(),
        }
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?.to_str().ok()?;
    Some(value.chars().take(64).collect())
}

/// The error and its causes, without the URL: the query of a listing holds telephone numbers.
pub(super) fn explain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
