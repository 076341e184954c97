//! The gate: credentials in, standard headers out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::ApiError;
use crate::carrier::Carrier;
use crate::config::Dialect;
use crate::sid;

static CONCURRENT: AtomicUsize = AtomicUsize::new(0);

/// Lets requests through that carry the account's credentials and name the account in their path.
pub(super) async fn authenticate(
    State(carrier): State<Arc<Carrier>>,
    request: Request,
    next: Next,
) -> Response {
    let account = request.uri().path().split('/').nth(3).unwrap_or_default().trim_end_matches(".json");
    let config = &carrier.config;
    let is_ours = credentials(request.headers()).is_some_and(|given| {
        let is = |user: &str, password: &str| given == format!("{user}:{password}");
        let is_of_account = request.uri().path().split('/').nth(4).is_none();
        let (token_does, keys_do) = match config.dialect {
            Dialect::Twilio => (true, !is_of_account),
            Dialect::SignalWire => (false, true),
        };
        (token_does && is(&config.account_sid, &config.auth_token))
            || (keys_do && config.api_keys.iter().any(|key| is(&key.sid, &key.secret)))
    });
    if account == config.account_sid && is_ours {
        return next.run(request).await;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"Twilio API\"")];
    (challenge, ApiError::unauthorized()).into_response()
}

/// Adds the headers that every answer of the service has.
pub(super) async fn add_headers(State(_): State<Arc<Carrier>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let concurrent = Counted::enter();
    let mut response = next.run(request).await;
    let values = [
        ("twilio-request-id", sid::new("RQ")),
        ("twilio-request-duration", format!("{:.3}", started.elapsed().as_secs_f64())),
        ("twilio-concurrent-requests", concurrent.count.to_string()),
        ("x-home-region", "us1".to_owned()),
        ("x-api-domain", "api.twilio.com".to_owned()),
        ("x-simulated", "warmline: nobody is phoned".to_owned()),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn credentials(headers: &HeaderMap) -> Option<String> {
    let basic = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    String::from_utf8(STANDARD.decode(basic.trim()).ok()?).ok()
}

/// A request under way; counted until it is dropped, also when the client goes away.
struct Counted {
    count: usize,
}

impl Counted {
    fn enter() -> Self {
        Self { count: CONCURRENT.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        CONCURRENT.fetch_sub(1, Ordering::Relaxed);
    }
}
