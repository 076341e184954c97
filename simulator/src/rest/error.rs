//! Refusals of the REST surface, in the carrier's form.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refused request: an HTTP status and the carrier's own code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl ApiError {
    /// A request that is wrong in itself.
    pub(crate) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    pub(crate) fn unauthorized() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: 20003, message: "Authenticate".into() }
    }

    pub(crate) fn not_found(path: &str) -> Self {
        let message = format!("The requested resource {path} was not found");
        Self { status: StatusCode::NOT_FOUND, code: 20404, message }
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self { status: StatusCode::METHOD_NOT_ALLOWED, code: 20004, message: "Method not allowed".into() }
    }

    /// A call that is over cannot be modified.
    pub(crate) fn not_in_progress() -> Self {
        Self::bad(21220, "Call is not in-progress. Cannot redirect.")
    }

    pub(crate) fn too_many_requests() -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: 20429, message: "Too Many Requests".into() }
    }

    pub(crate) fn too_many_calls(calls_max: usize) -> Self {
        let message = format!("Call concurrency limit of {calls_max} exceeded");
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: 10004, message }
    }

    /// Test credentials do not reach as far as that.
    pub(crate) fn not_for_tests() -> Self {
        let message = "Resource not accessible with Test Account Credentials".into();
        Self { status: StatusCode::FORBIDDEN, code: 20008, message }
    }

    pub(crate) fn internal() -> Self {
        let message = "An internal server error has occurred".into();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: 20500, message }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status.as_u16(),
        });
        (self.status, Json(body)).into_response()
    }
}
