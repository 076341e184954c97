//! Deliveries: one attempt at a time to hand an entry of the feed to an endpoint.
//!
//! Whether and when it is tried again is decided in Postgres. What an endpoint answers is never shown to
//! anybody: its status is kept, and what went wrong in our words.

mod address;
mod guard;
mod signature;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use warmline_engine::Error;
use warmline_engine::deliveries::{Attempted, Parcel};
use warmline_workflows::{DeliveryId, TenantId};

use crate::context::Context;

pub use guard::{Lookup, Reach, Refusal, Rules, URL_MAX_BYTES, system_lookup};

use guard::Guard;

/// Carries deliveries to endpoints. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Courier {
    http: reqwest::Client,
    rules: Rules,
}

/// Why there is no courier.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up TLS to endpoints: {0} (on a bare machine, install `ca-certificates`)")]
pub struct NoTls(String);

/// An endpoint that is slower takes the notice and works on it later.
const TIMEOUT: Duration = Duration::from_secs(5);
/// So much of an answer is read, to keep the connection; the rest is not ours to bear.
const ANSWER_MAX_BYTES: usize = 64 << 10;
/// The longest pause that an endpoint may ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 3600);
/// A claim outlasts its attempt: the result has to be stored as well.
const LEASE: Duration = Duration::from_secs(20);

impl Courier {
    /// A courier that goes where the rules allow and asks `lookup` for the way.
    ///
    /// # Errors
    /// When there is no usable TLS.
    pub fn new(rules: Rules, lookup: Lookup) -> Result<Self, NoTls> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("warmline/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .dns_resolver(Arc::new(Guard { rules: rules.clone(), lookup }))
            // A redirect leads where nobody has looked, and a proxy looks up names by itself.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(rules.reach == Reach::Internet)
            .build()
            .map_err(|error| NoTls(error.to_string()))?;
        Ok(Self { http, rules })
    }

    /// Attempts a delivery once.
    pub(crate) async fn attempt(&self, parcel: &Parcel, now: Timestamp) -> Attempted {
        let failed = |why: String| Attempted::Failed { status: None, why, retry_after: None };
        // The rules may have become stricter since the endpoint was made.
        let url = match self.rules.check(&parcel.url) {
            Ok(url) => url,
            Err(refusal) => return failed(format!("its URL is refused: {refusal}")),
        };
        let body = match serde_json::to_string(&parcel.entry) {
            Ok(body) => body,
            Err(error) => return failed(error.to_string()),
        };
        let id = parcel.entry.id.to_string();
        let timestamp_s = now.as_second();
        let secrets: Vec<&[u8]> = parcel.secrets.iter().map(|secret| secret.bytes()).collect();
        let request = self
            .http
            .post(url)
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp_s)
            .header("webhook-signature", signature::of(&secrets, &id, timestamp_s, &body))
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        match request.send().await {
            Ok(response) => answered(response).await,
            Err(error) => failed(explain(&error)),
        }
    }
}

async fn answered(mut response: Response) -> Attempted {
    let status = response.status();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX));
    let mut read = 0;
    while read <= ANSWER_MAX_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        read += chunk.len();
    }
    match status {
        status if status.is_success() => Attempted::Delivered { status: status.as_u16() },
        StatusCode::GONE => Attempted::Gone { status: status.as_u16() },
        status => {
            let why = if status.is_redirection() {
                "it led elsewhere, where we do not follow"
            } else {
                "it did not answer with a success"
            };
            Attempted::Failed { status: Some(status.as_u16()), why: why.to_owned(), retry_after }
        }
    }
}

/// What went wrong, in our words: the library's may name addresses of our network.
fn explain(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return refusal.to_string();
        }
        cause = error.source();
    }
    if error.is_timeout() {
        format!("no answer within {} s", TIMEOUT.as_secs())
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the connection broke".to_owned()
    }
}

/// Attempts the delivery that a job names, if it is still to be attempted.
pub(crate) async fn perform(context: &Context, tenant: TenantId, id: DeliveryId) {
    if let Err(error) = try_perform(context, tenant, id).await {
        // Its lease ends, and it is handed out again.
        tracing::warn!(delivery.id = %id, error = %error, "a delivery was left undone");
    }
}

async fn try_perform(context: &Context, tenant: TenantId, id: DeliveryId) -> Result<(), Error> {
    let Some(claimed) = context.engine.claim_delivery(tenant, id, LEASE).await? else { return Ok(()) };
    let attempted = context.courier.attempt(&claimed.parcel, Timestamp::now()).await;
    match &attempted {
        Attempted::Delivered { status } => {
            tracing::debug!(delivery.id = %id, http.status = status, "delivered")
        }
        Attempted::Failed { status, why, .. } => {
            tracing::info!(delivery.id = %id, http.status = status, attempt = claimed.attempt, why, "not delivered");
        }
        Attempted::Gone { status } => {
            tracing::info!(endpoint.id = %claimed.endpoint, http.status = status, "an endpoint is gone");
        }
    }
    context.engine.report_delivery(&claimed, &attempted, (rand::random(), context.clock.now())).await
}

#[cfg(test)]
mod tests;
