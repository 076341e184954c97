//! What is wrong with a webhook, told to whoever sent it.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal with a stable code, a sentence on what was wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) detail: String,
}

impl Problem {
    /// Whether the request is known to come from the carrier, wrong as it is.
    pub(super) fn is_of_the_carrier(&self) -> bool {
        !matches!(self.code, "unsigned" | "wrong_signature" | "malformed_form")
    }

    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }
}

impl From<warmline_engine::Error> for Problem {
    fn from(error: warmline_engine::Error) -> Self {
        use warmline_engine::Error;
        match error {
            Error::UnknownCall(_) => Self::new(StatusCode::NOT_FOUND, "unknown_call", error.to_string()),
            Error::WrongToken(_) => Self::new(StatusCode::FORBIDDEN, "wrong_token", error.to_string()),
            Error::Stopped => Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "try another process"),
            Error::Refused(detail) => Self::new(StatusCode::CONFLICT, "refused", detail),
            Error::Database(_) | Error::Unreadable { .. } => {
                tracing::error!(error = %error, "a webhook could not be stored");
                // The carrier sends it again on a 5xx: its URL asks for that.
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "not_stored", "not stored; send it again")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response()
    }
}
