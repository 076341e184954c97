//! Pushes the commands that should have been performed by now: an empty Redis is a normal start.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::Error;

use crate::context::Context;
use crate::queue::Queues;

pub(super) const EVERY: Duration = Duration::from_millis(500);
/// Few enough that the queue library can move them at once.
const COMMANDS_PER_ROUND: i64 = 500;
/// When a command that was pushed and not performed is pushed again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

pub(super) async fn push_overdue(context: &Context, queues: &Queues) -> Result<(), Error> {
    if !queues.is_up().await {
        // Handing them out now would only put off their next push.
        return Ok(());
    }
    let overdue = context.engine.sweep(COMMANDS_PER_ROUND, AGAIN_AFTER).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    tracing::debug!(commands = overdue.len(), "pushing overdue commands");
    let round = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(1).max(1);
    if let Err(error) = queues.push(&overdue, round).await {
        tracing::warn!(error = %error, "overdue commands were not pushed");
    }
    Ok(())
}
