//! The queues on Redis, behind the few lines that the rest of the crate sees.
//!
//! apalis and its Redis storage are used the way that experiments showed to be safe; each departure
//! from their defaults is explained where it is made.

mod bell;
mod dispatch;
mod health;
mod janitor;
mod job;

use std::sync::Arc;
use std::time::Duration;

use apalis_core::backend::TaskSink;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::TaskId;
use apalis_redis::{Config, RedisStorage};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use warmline_engine::Ready;
use warmline_workflows::call::Queue;

pub use bell::Bell;
pub use dispatch::{Handler, Load, run};
pub use health::Health;
pub use janitor::keep_clean;
pub use job::{Job, Work};

/// Why there are no queues.
#[derive(Debug, thiserror::Error)]
#[error("Redis: {0}")]
pub struct Unreachable(String);

/// The queues of one Redis. Cheap to clone.
#[derive(Clone)]
pub struct Queues {
    redis: ConnectionManager,
    client: redis::Client,
    prefix: Arc<str>,
    bell: Bell,
    health: Health,
}

/// A stalled Redis must not kill its workers; the library's half second would.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);
/// A worker that is silent for four beats is dead, and its jobs go to others.
const HEARTBEAT: Duration = Duration::from_secs(5);
const HEARTBEATS_MISSED: usize = 4;

impl Queues {
    /// Connects. The connection restores itself later; here Redis must answer once.
    ///
    /// # Errors
    /// When the URL is malformed or Redis does not answer.
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, Unreachable> {
        let failed = |error: redis::RedisError| Unreachable(error.to_string());
        let client = redis::Client::open(url).map_err(failed)?;
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(RESPONSE_TIMEOUT));
        let redis = client.get_connection_manager_with_config(config).await.map_err(failed)?;
        Ok(Self { redis, client, prefix: prefix.into(), bell: Bell::default(), health: Health::default() })
    }

    /// The connection, for what else is shared through Redis.
    #[must_use]
    pub fn connection(&self) -> ConnectionManager {
        self.redis.clone()
    }

    /// How the workers of this process are.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Whether Redis answers now.
    pub async fn is_up(&self) -> bool {
        let mut redis = self.redis.clone();
        redis::cmd("PING").query_async::<String>(&mut redis).await.is_ok()
    }

    /// Pushes commands, each to its queue. See [`Queues::push_to`].
    ///
    /// # Errors
    /// As given there.
    pub async fn push(&self, ready: &[Ready], round: u64) -> Result<(), Unreachable> {
        for queue in Queue::ALL.iter().copied() {
            let jobs: Vec<Job> = ready.iter().filter(|ready| ready.queue == queue).map(Job::from).collect();
            self.push_to(queue, &jobs, round).await?;
        }
        Ok(())
    }

    /// Pushes jobs to a queue and wakes the workers that wait for them. `round` tells a push from an
    /// earlier one of the same job that Redis may still remember; 0 is the first.
    ///
    /// # Errors
    /// When Redis does not take them; a sweep pushes them again.
    pub async fn push_to(&self, queue: Queue, jobs: &[Job], round: u64) -> Result<(), Unreachable> {
        let task = |job: &Job| {
            let text = serde_json::to_string(job).ok()?;
            Some(TaskBuilder::new(text).task_id(TaskId::from_string(job.task_id(round))).build())
        };
        let mut storage = self.storage(queue);
        for chunk in jobs.chunks(PUSH_MAX) {
            let tasks: Vec<_> = chunk.iter().filter_map(task).collect();
            storage
                .push_all(futures::stream::iter(tasks))
                .await
                .map_err(|error| Unreachable(error.to_string()))?;
        }
        if !jobs.is_empty() {
            self.wake(queue).await;
        }
        Ok(())
    }

    /// Wakes the workers of a queue: those of this process at once, those of others through Redis.
    async fn wake(&self, queue: Queue) {
        self.bell.ring();
        let mut redis = self.redis.clone();
        let woken: Result<i64, _> =
            redis::cmd("PUBLISH").arg(self.channel()).arg(queue.as_str()).query_async(&mut redis).await;
        if let Err(error) = woken {
            tracing::debug!(error = %error, "other processes were not woken; their tick will do");
        }
    }

    /// A key of ours for something else than jobs.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    pub(crate) fn channel(&self) -> String {
        self.key("wake")
    }

    pub(crate) fn config(&self, queue: Queue) -> Config {
        Config::default()
            .queue(format!("{}:{queue}", self.prefix))
            // More than one, and a saturated worker stops its heartbeat and loses its jobs to others.
            .batch_size(1)
            // Locks cost a scan of the backlog per job; the claim in Postgres is the lock.
            .lock_tasks(false)
            .emit_events(false)
            // Off would also switch off acknowledgements.
            .persist_results(true)
            // Unset, the library's idempotency keys expire at once.
            .idempotency_ttl(Some(Duration::from_secs(3600)))
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(HEARTBEATS_MISSED)
    }

    pub(crate) fn storage(&self, queue: Queue) -> RedisStorage<String> {
        RedisStorage::new(self.redis.clone()).with_config(self.config(queue))
    }
}

/// Jobs pushed at once.
const PUSH_MAX: usize = 500;

#[cfg(test)]
mod tests;
