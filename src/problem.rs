//! What is wrong with a request, told to whoever sent it: problem details as in RFC 9457.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal with a stable code, a sentence on what was wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The word that programs go by; it never changes its meaning.
    pub code: &'static str,
    /// What was wrong and what to do, for people.
    pub detail: String,
    /// The field that is wrong, such as `calling_window.opens`.
    pub field: Option<String>,
    /// Seconds after which asking again makes sense.
    pub retry_after_s: Option<u64>,
}

/// The body of every answer that is not what was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Problem", example = json!({
    "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "code": "invalid_field",
    "detail": "calling_window.opens: `25:00` is not a time of day", "field": "calling_window.opens",
    "request_id": "0193642f2b0a7c10a3f4c0ffee000001",
}))]
pub struct Body {
    /// Always `about:blank`: the code says more.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// The word that programs go by.
    code: &'static str,
    /// What was wrong and what to do, for people.
    detail: String,
    /// The field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Names the request in our logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl Problem {
    /// A refusal.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), field: None, retry_after_s: None }
    }

    /// What the field holds cannot be.
    pub fn invalid(field: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        let field = field.into();
        let detail = format!("{field}: {detail}");
        Self { field: Some(field), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail) }
    }

    /// There is no such thing, or it is another organisation's: nobody learns which.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// Our own trouble, of which the log has more.
    pub fn internal() -> Self {
        let detail = "something went wrong on our side; the log has more under the request id";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// The refusal, to be repeated after a while.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }

    /// Whether the request is known to come from the carrier, wrong as it is.
    pub(crate) fn is_of_the_carrier(&self) -> bool {
        !matches!(self.code, "unsigned" | "wrong_signature" | "malformed_form")
    }

    /// The answer, naming the request.
    #[must_use]
    pub fn respond(self, request_id: Option<String>) -> Response {
        let body = Body {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.clone(),
            field: self.field.clone(),
            request_id,
        };
        let text = serde_json::to_vec(&body).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], text).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Whoever knows the request's id writes the body anew (src/http.rs).
        response.extensions_mut().insert(self);
        response
    }
}

impl From<warmline_engine::Error> for Problem {
    fn from(error: warmline_engine::Error) -> Self {
        use warmline_engine::Error;
        let detail = error.to_string();
        match error {
            Error::UnknownCall(_) => Self::new(StatusCode::NOT_FOUND, "unknown_call", detail),
            Error::WrongToken(_) => Self::new(StatusCode::FORBIDDEN, "wrong_token", detail),
            Error::Stopped => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "try another process").retry_after(1)
            }
            Error::NotFound(what) => Self::not_found(what),
            Error::Missing { field, what } => {
                let detail = format!("{field}: there is no such {what}");
                Self { field: Some(field.to_owned()), detail, ..Self::not_found(what) }
            }
            Error::Taken(field) => {
                Self { field: Some(field.to_owned()), ..Self::new(StatusCode::CONFLICT, "taken", detail) }
            }
            Error::Changed => Self::new(StatusCode::PRECONDITION_FAILED, "changed", detail),
            Error::Invalid { field, why } => Self::invalid(field, why),
            Error::Refused(detail) => Self::new(StatusCode::CONFLICT, "refused", detail),
            Error::Database(_) | Error::Unreadable { .. } => {
                tracing::error!(error = %error, "the database did not do what a request asked for");
                // The carrier sends a webhook again on a 5xx: its URL asks for that.
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "not_stored", "not stored; send it again")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.respond(None)
    }
}
