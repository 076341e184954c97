//! The limit of calls per second, shared by all workers of a carrier account.

use std::sync::Arc;
use std::time::Duration;

use redis::Script;
use redis::aio::ConnectionManager;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::queue::Queues;

/// Hands out the moments at which a leg may be placed.
///
/// The schedule lives in Redis and runs by Redis' clock. Without Redis the limiter falls back to a
/// schedule of its own at a fraction of the rate: slow, but never too fast.
#[derive(Clone)]
pub struct Limiter {
    redis: ConnectionManager,
    key: Arc<str>,
    interval: Duration,
    own: Arc<Mutex<Option<Instant>>>,
}

/// Each process alone keeps to a quarter of the rate when it cannot see the others.
const ALONE_FACTOR: u32 = 4;

/// Takes a slot at once and puts the following ones off by one.
const TAKE_URGENT: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], string.format('%.0f', due + tonumber(ARGV[1])), 'PX', 60000)
return 0
";

/// Takes the next slot when it is due, else says in how many microseconds it is.
const TAKE: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due > now then return due - now end
redis.call('SET', KEYS[1], string.format('%.0f', now + tonumber(ARGV[1])), 'PX', 60000)
return 0
";

impl Limiter {
    /// A limiter for one carrier account; `per_second` is in real seconds.
    #[must_use]
    pub fn new(queues: &Queues, account: &str, per_second: f64) -> Self {
        Self {
            redis: queues.connection(),
            key: queues.key(&format!("cps:{account}")).into(),
            interval: Duration::from_secs_f64(1.0 / per_second.clamp(0.001, 100_000.0)),
            own: Arc::default(),
        }
    }

    /// Waits for a slot.
    pub async fn take(&self) {
        loop {
            match self.run(TAKE).await {
                Some(wait) if wait.is_zero() => return,
                Some(wait) => tokio::time::sleep(wait).await,
                None => return self.take_alone().await,
            }
        }
    }

    /// Takes a slot without waiting, for a leg that a person on the line is waiting for; legs that
    /// nobody waits for are put off instead.
    pub async fn take_urgent(&self) {
        self.run(TAKE_URGENT).await;
    }

    /// Takes a slot or says how long until the next; none when Redis does not answer.
    async fn run(&self, script: &str) -> Option<Duration> {
        let mut redis = self.redis.clone();
        let micros: Result<u64, _> = Script::new(script)
            .key(&*self.key)
            .arg(u64::try_from(self.interval.as_micros()).unwrap_or(u64::MAX))
            .invoke_async(&mut redis)
            .await;
        match micros {
            Ok(micros) => Some(Duration::from_micros(micros)),
            Err(error) => {
                tracing::warn!(error = %error, "the shared limit of calls per second is out of reach; going slow");
                None
            }
        }
    }

    async fn take_alone(&self) {
        let mut own = self.own.lock().await;
        if let Some(due) = *own {
            tokio::time::sleep_until(due).await;
        }
        *own = Some(Instant::now() + self.interval * ALONE_FACTOR);
    }
}
