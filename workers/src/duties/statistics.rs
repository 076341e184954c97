//! Counts closed calls, so that statistics are read at once.

use std::time::Duration;

use warmline_engine::Error;

use crate::context::Context;

/// What is not counted yet is counted by whoever asks: this is about the reader's time alone.
pub(super) const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn count(context: &Context) -> Result<(), Error> {
    for tenant in context.engine.to_roll_up().await? {
        match context.engine.roll_up(tenant).await {
            Ok(calls) => tracing::debug!(tenant.id = %tenant, calls, "counted closed calls"),
            // One organisation's trouble must not hold up the others.
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, error = %error, "closed calls were not counted")
            }
        }
    }
    Ok(())
}
