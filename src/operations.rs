//! What a supervisor asks a process: whether it lives, whether it can do its work, and how it goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::sync::OnceCell;
use warmline_engine::Database;
use warmline_workers::queue::Queues;

use crate::metrics;

/// What is asked about. Cheap to clone.
#[derive(Clone)]
pub struct Operations {
    database: Database,
    queues: Arc<OnceCell<Queues>>,
    stopping: Arc<AtomicBool>,
    is_migrated: Arc<AtomicBool>,
}

/// How a process is.
#[derive(Debug, Serialize)]
struct Readiness {
    /// `ready`, `degraded` (it works, later than it should) or `not_ready`.
    status: &'static str,
    database: &'static str,
    redis: &'static str,
    /// Queues that this process should work on and does not.
    unattended_queues: Vec<String>,
}

/// Longer than this, and Redis is as good as gone.
const REDIS_PATIENCE: Duration = Duration::from_secs(1);

impl Operations {
    /// About a process that has just begun.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, queues: Arc::default(), stopping: Arc::default(), is_migrated: Arc::default() }
    }

    /// Notes that Redis was reached.
    pub fn connected(&self, queues: Queues) {
        let _again = self.queues.set(queues);
    }

    /// Notes that the process ends: no more work for it.
    pub fn stopping(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// The routes, but for the metrics.
    pub fn health(self) -> Router {
        Router::new().route("/livez", get(|| async { "alive" })).route("/readyz", get(ready)).with_state(self)
    }

    /// The routes, metrics among them. For those who run the process, not for the public.
    pub fn router(self) -> Router {
        self.health().merge(metrics_route())
    }

    async fn readiness(&self) -> Readiness {
        // Once its tables were right they are: nothing takes them back while a process works.
        let migrated = match self.is_migrated.load(Ordering::Relaxed) {
            true => self.database.ping().await.map(|()| true),
            false => self.database.is_migrated().await,
        };
        self.is_migrated.fetch_or(matches!(migrated, Ok(true)), Ordering::Relaxed);
        let database = match migrated {
            Ok(true) => "ok",
            Ok(false) => "not migrated: run `warmline migrate`",
            Err(_) => "does not answer",
        };
        let redis = match self.queues.get() {
            Some(queues) => tokio::time::timeout(REDIS_PATIENCE, queues.is_up()).await.unwrap_or(false),
            None => false,
        };
        let unattended = self.queues.get().map(|queues| queues.health().unattended()).unwrap_or_default();
        // Webhooks are stored without Redis. Work is not done without workers.
        let status = match (database, redis) {
            _ if self.stopping.load(Ordering::Relaxed) => "not_ready",
            ("ok", true) if unattended.is_empty() => "ready",
            ("ok", false) => "degraded",
            _ => "not_ready",
        };
        Readiness {
            status,
            database,
            redis: if redis { "ok" } else { "does not answer" },
            unattended_queues: unattended.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Prometheus' route.
pub fn metrics_route() -> Router {
    let text = || async { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::text()) };
    Router::new().route("/metrics", get(text))
}

/// Ready when webhooks can be stored; Redis is not needed for that.
async fn ready(State(operations): State<Operations>) -> Response {
    let readiness = operations.readiness().await;
    let code = if readiness.status == "not_ready" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (code, Json(readiness)).into_response()
}
