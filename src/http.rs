//! The HTTP server: webhooks, the API, and the questions a supervisor asks.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::api::openapi;
use crate::console;
use crate::operations::Operations;
use crate::problem::Problem;
use crate::webhooks::{self, Webhooks};

/// Names a request in the answer and in our logs.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Serves until told to stop; then answers what was asked already.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>());
    if let Err(error) = server.with_graceful_shutdown(async move { stop.cancelled().await }).await {
        tracing::error!(error = %error, "the HTTP server ended");
    }
}

/// Every route of the process.
pub fn router(webhooks: Webhooks, api: Router, operations: Operations) -> Router {
    webhooks::router(webhooks)
        .merge(operations.health())
        .merge(Router::new().route("/api/openapi.json", get(document)))
        .merge(reference())
        .merge(api)
        .fallback_service(console::router())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(accompany))
}

async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], openapi::text())
}

/// The browsable reference of the API.
fn reference() -> Router {
    let config = utoipa_swagger_ui::Config::from("/api/openapi.json").try_it_out_enabled(true);
    utoipa_swagger_ui::SwaggerUi::new("/api/docs").config(config).into()
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Problem::internal().into_response()
}

/// Goes with every request: gives it an id, the log a line, and the answer its safe headers.
async fn accompany(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let began = std::time::Instant::now();
    let span = tracing::info_span!("request", request.id = %id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    // The route, not the path: ids make no labels.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).instrument(span.clone()).await;
    let mut response = match response.extensions().get::<Problem>() {
        Some(problem) => {
            let headers = response.headers().clone();
            let mut told = problem.clone().respond(Some(id.clone()));
            for (name, value) in &headers {
                if !told.headers().contains_key(name) && name != header::CONTENT_LENGTH {
                    told.headers_mut().append(name, value.clone());
                }
            }
            told
        }
        None => response,
    };
    let labels = [
        ("method", method.to_string()),
        ("route", route.clone()),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("warmline_http_requests_total", &labels).increment(1);
    metrics::histogram!("warmline_http_request_seconds", "route" => route).record(began.elapsed());
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(http.method = %method, http.path = path, http.status = status, took_ms, "answered"));
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in SAFE {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// What browsers must not do with our answers.
const SAFE: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
];
