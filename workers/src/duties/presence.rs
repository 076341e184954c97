//! Presence: agents whose consoles are gone are given no more calls.

use std::time::Duration;

use warmline_engine::Error;

use crate::context::Context;

/// Agents are noticed to be gone so much later than they may be, at most.
pub(super) const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn look(context: &Context) -> Result<(), Error> {
    let gone = context.engine.leave_consoles(context.clock.now()).await?;
    if gone > 0 {
        tracing::info!(agents = gone, "the consoles of agents are gone: they are offline now");
    }
    Ok(())
}
