//! Fires the timers that are due.

use std::time::Duration;

use futures::StreamExt;
use warmline_engine::Error;

use crate::context::Context;

/// How exact timers are: this late at most, on an idle machine.
pub(super) const EVERY: Duration = Duration::from_millis(20);
const CALLS_PER_ROUND: i64 = 500;
const CALLS_AT_ONCE: usize = 64;

pub(super) async fn fire(context: &Context) -> Result<(), Error> {
    let now = context.clock.now();
    let due = context.engine.alarms_due(now, CALLS_PER_ROUND).await?;
    futures::stream::iter(due)
        .for_each_concurrent(CALLS_AT_ONCE, |(tenant, call)| async move {
            if let Err(error) = context.engine.tick(tenant, call, now).await {
                tracing::warn!(call.id = %call, error = %error, "timers were not fired; they are tried again");
            }
        })
        .await;
    Ok(())
}
