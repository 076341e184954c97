//! The HTTP server: webhooks, and the questions a supervisor asks.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use crate::webhooks::{self, Webhooks};

/// Serves until told to stop; then answers what was asked already.
pub async fn serve(listener: TcpListener, webhooks: Webhooks, stop: CancellationToken) {
    let server = axum::serve(listener, router(webhooks));
    if let Err(error) = server.with_graceful_shutdown(async move { stop.cancelled().await }).await {
        tracing::error!(error = %error, "the HTTP server ended");
    }
}

/// Every route of the process.
pub fn router(webhooks: Webhooks) -> Router {
    let health = Router::new()
        .route("/livez", get(|| async { "alive" }))
        .route("/readyz", get(ready))
        .with_state(webhooks.clone());
    webhooks::router(webhooks).merge(health).layer(CatchPanicLayer::new())
}

/// Ready when webhooks can be stored; Redis is not needed for that.
async fn ready(State(webhooks): State<Webhooks>) -> (StatusCode, &'static str) {
    match webhooks.engine.database().is_migrated().await {
        Ok(true) => (StatusCode::OK, "ready"),
        Ok(false) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated: run `warmline migrate`")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
