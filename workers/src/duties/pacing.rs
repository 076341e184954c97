//! Opens calls as fast as there are agents to take them.

use std::time::Duration;

use warmline_engine::Error;

use crate::context::Context;

/// How soon a free agent is put to use.
pub(super) const EVERY: Duration = Duration::from_millis(100);

pub(super) async fn pace(context: &Context) -> Result<(), Error> {
    for (tenant, campaign) in context.engine.active_campaigns().await? {
        match context.engine.pace(tenant, campaign, context.clock.now()).await {
            Ok(paced) if paced.opened > 0 => {
                tracing::debug!(campaign.id = %campaign, opened = paced.opened, denied = paced.denied, "paced");
            }
            Ok(_) => {}
            // One campaign's trouble must not hold up the others.
            Err(error) => tracing::warn!(campaign.id = %campaign, error = %error, "a campaign was not paced"),
        }
    }
    Ok(())
}
