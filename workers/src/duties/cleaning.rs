//! Small repairs, and the ends that nobody else sees to.

use std::time::Duration;

use warmline_engine::Error;

use crate::context::Context;

pub(super) const EVERY: Duration = Duration::from_secs(1);

pub(super) async fn clean(context: &Context) -> Result<(), Error> {
    let now = context.clock.now();
    context.engine.end_breaks(now).await?;
    let finished = context.engine.finish_campaigns(now).await?;
    if finished > 0 {
        tracing::info!(campaigns = finished, "finished");
    }
    let freed = context.engine.free_stranded_agents(now).await?;
    if freed > 0 {
        tracing::warn!(agents = freed, "freed agents who were held for a call that is over");
    }
    let silent = context.engine.rearm_silent_calls(now).await?;
    if silent > 0 {
        tracing::error!(calls = silent, "open calls without a timer; they were given one");
    }
    Ok(())
}
