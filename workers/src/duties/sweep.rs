//! Pushes the commands and imports that should have been taken by now: an empty Redis is a normal start.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::Error;
use warmline_workflows::call::Queue;

use crate::context::Context;
use crate::queue::{Job, Queues, Work};

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
    push_imports(context, queues).await?;
    let overdue = context.engine.sweep(COMMANDS_PER_ROUND, AGAIN_AFTER).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    tracing::debug!(commands = overdue.len(), "pushing overdue commands");
    if let Err(error) = queues.push(&overdue, round()).await {
        tracing::warn!(error = %error, "overdue commands were not pushed");
    }
    Ok(())
}

/// Imports have no other way to the queue: whoever uploads a list waits longer for its end than for this.
async fn push_imports(context: &Context, queues: &Queues) -> Result<(), Error> {
    let due = context.engine.imports_due(COMMANDS_PER_ROUND, AGAIN_AFTER).await?;
    let jobs: Vec<Job> = due.into_iter().map(|(tenant, id)| Job::new(tenant, Work::Import { id })).collect();
    if let Err(error) = queues.push_to(Queue::Imports, &jobs, round()).await {
        tracing::warn!(error = %error, "imports were not pushed");
    }
    Ok(())
}

/// A number that no earlier push had.
fn round() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(1).max(1)
}
