//! Makes deliveries of what the feed has, and pushes those that are due.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::Error;
use warmline_workflows::call::Queue;

use crate::context::Context;
use crate::queue::{Job, Queues, Work};

/// How soon endpoints hear of what happened.
pub(super) const EVERY: Duration = Duration::from_millis(250);
/// Few enough that the queue library can move them at once.
const DELIVERIES_PER_ROUND: i64 = 500;
/// When a delivery that was pushed and not taken is pushed again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

pub(super) async fn deliver(context: &Context, queues: &Queues) -> Result<(), Error> {
    context.engine.fan_out().await?;
    if !queues.is_up().await {
        // Handing them out now would only put off their next push.
        return Ok(());
    }
    let due = context.engine.deliveries_due(DELIVERIES_PER_ROUND, AGAIN_AFTER).await?;
    if due.is_empty() {
        return Ok(());
    }
    let jobs: Vec<Job> =
        due.into_iter().map(|(tenant, id)| Job::new(tenant, Work::Delivery { id })).collect();
    let round = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(1).max(1);
    if let Err(error) = queues.push_to(Queue::Notify, &jobs, round).await {
        tracing::warn!(error = %error, "deliveries that are due were not pushed");
    }
    Ok(())
}
