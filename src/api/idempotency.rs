//! Idempotency: a request with a key is carried out once, however often it is sent.
//!
//! The answer is kept for a day. Whatever a request creates has an id that follows from its key, so
//! that carrying it out again after a crash, before the answer was kept, creates nothing new.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use warmline_engine::Engine;
use warmline_engine::idempotency::{Answer, Asked, Known};

use super::principal::Principal;
use crate::problem::Problem;

/// The header that names a request.
pub const KEY: &str = "idempotency-key";
/// Marks an answer that was given before.
pub const REPLAYED: &str = "idempotent-replayed";
const KEY_CHARS_MAX: usize = 255;
/// The largest body of a request that can be repeated; an upload is larger, and has ways of its own.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Headers that belong to an answer.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

/// The key of a request, if it has one: what the document promises to take, and nothing else.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let is_plain = |key: &str| key.bytes().all(|byte| byte.is_ascii_graphic());
    match value.to_str() {
        Ok(key) if is_plain(key) && (1..=KEY_CHARS_MAX).contains(&key.len()) => Ok(Some(key)),
        _ => {
            let why = format!(
                "Idempotency-Key: expected 1 to {KEY_CHARS_MAX} letters, digits and signs of ASCII, without blanks"
            );
            Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", why))
        }
    }
}

/// Carries a request out, or answers as before.
pub(super) async fn once(
    engine: &Engine,
    principal: &Principal,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(key) = key(request.headers())?.map(str::to_owned) else { return Ok(next.run(request).await) };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX)
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", "the body is larger than 2 MiB"))?;
    let digest = digest(&parts, &body);
    let asked =
        Asked { tenant: principal.tenant, actor: principal.actor.uuid(), key: &key, request: &digest };
    match engine.begin_request(asked).await? {
        Known::New { first_asked_at } => {
            let mut request = Request::from_parts(parts, Body::from(body));
            request.extensions_mut().insert(Repeatable { first_asked_at, seed: seed(&asked) });
            let response = next.run(request).await;
            keep(engine, asked, response).await
        }
        Known::InProgress => Err(Problem::new(
            StatusCode::CONFLICT,
            "in_progress",
            "a request with this Idempotency-Key is being carried out: send it again in a moment",
        )
        .retry_after(1)),
        Known::Different => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "this Idempotency-Key was sent with another request: use a new one",
        )),
        Known::Answered(answer) => Ok(replay(answer)),
    }
}

/// Keeps an answer. A refusal is none, nor is our own trouble: the request may be mended and sent again.
async fn keep(engine: &Engine, asked: Asked<'_>, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        engine.forget_request(asked).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Problem::internal())?;
    let headers: Map<String, Value> = KEPT
        .iter()
        .filter_map(|name| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some((name.to_string(), Value::from(value)))
        })
        .collect();
    let answer =
        Answer { status: parts.status.as_u16(), headers: Value::Object(headers), body: body.to_vec() };
    engine.answer_request(asked, &answer).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in answer.headers.as_object().into_iter().flatten() {
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn digest(parts: &Parts, body: &Bytes) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(parts.method.as_str());
    hasher.update([0]);
    hasher.update(parts.uri.path_and_query().map_or("", |it| it.as_str()));
    hasher.update([0]);
    hasher.update(body);
    hasher.finalize().into()
}

fn seed(asked: &Asked<'_>) -> [u8; 10] {
    let digest = Sha256::new()
        .chain_update(asked.tenant.0)
        .chain_update(asked.actor)
        .chain_update(asked.key)
        .finalize();
    let mut seed = [0; 10];
    seed.copy_from_slice(&digest[..10]);
    seed
}

#[derive(Clone, Copy)]
struct Repeatable {
    first_asked_at: Timestamp,
    seed: [u8; 10],
}

/// The id of what a request creates: the same each time the request is carried out.
#[derive(Debug, Clone, Copy)]
pub struct NewId(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for NewId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(match parts.extensions.get::<Repeatable>() {
            Some(Repeatable { first_asked_at, seed }) => {
                let millis = u64::try_from(first_asked_at.as_millisecond()).unwrap_or(0);
                uuid::Builder::from_unix_timestamp_millis(millis, seed).into_uuid()
            }
            None => Uuid::now_v7(),
        }))
    }
}
