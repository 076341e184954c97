//! ETags: a change says which version it is of, so that nobody overwrites what somebody else changed.

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::problem::Problem;

/// A resource with its version.
pub(crate) struct Versioned<T> {
    /// The resource.
    pub body: T,
    /// Its version.
    pub version: i32,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = axum::Json(self.body).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.version)) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

/// The version that a change is of; none when the client does not care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IfMatch(pub Option<i32>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(text) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        let text = text.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match version.and_then(|version| version.parse().ok()) {
            Some(version) => Ok(Self(Some(version))),
            // An ETag that we never gave matches nothing.
            None => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "changed",
                "If-Match is not an ETag of this resource: read it again",
            )),
        }
    }
}
