//! The janitor: mends what the queue library leaves behind in Redis.

use std::time::Duration;

use redis::Script;
use tokio_util::sync::CancellationToken;
use warmline_workflows::call::Queue;

use super::Queues;

/// Moves due jobs to the active list in portions. The library moves all at once and fails for good
/// when there are eight thousand.
const PROMOTE: &str = r"
local due = redis.call('ZRANGEBYSCORE', KEYS[1], 0, ARGV[1], 'LIMIT', 0, 1000)
if #due == 0 then return 0 end
redis.call('RPUSH', KEYS[2], unpack(due))
redis.call('ZREM', KEYS[1], unpack(due))
return #due
";

/// Forgets finished jobs in portions. The library keeps them for ever.
const REAP: &str = r"
local done = redis.call('SPOP', KEYS[1], 500)
for _, id in ipairs(done) do
  redis.call('HDEL', KEYS[2], id)
  redis.call('DEL', KEYS[3] .. ':' .. id)
end
return #done
";

const EVERY: Duration = Duration::from_millis(200);

/// Cleans until told to stop. Any number of processes may do so at once.
pub async fn keep_clean(queues: Queues, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        for queue in Queue::ALL {
            if let Err(error) = clean(&queues, *queue).await {
                tracing::debug!(queue = %queue, error = %error, "the queue was not cleaned");
            }
        }
    }
}

async fn clean(queues: &Queues, queue: Queue) -> Result<(), redis::RedisError> {
    let config = queues.config(queue);
    let mut redis = queues.connection();
    let now = jiff::Timestamp::now().as_second();
    let (promote, reap) = (Script::new(PROMOTE), Script::new(REAP));
    let mut promote = promote.prepare_invoke();
    promote.key(config.scheduled_jobs_set()).key(config.active_jobs_list()).arg(now);
    while promote.invoke_async::<u64>(&mut redis).await? >= 1000 {}
    for set in [config.done_jobs_set(), config.dead_jobs_set()] {
        let mut reap = reap.prepare_invoke();
        reap.key(set).key(config.job_data_hash()).key(config.job_meta_hash());
        while reap.invoke_async::<u64>(&mut redis).await? >= 500 {}
    }
    Ok(())
}
