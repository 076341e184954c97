//! Spending: what was spent is counted anew, and who has spent enough is stopped, live calls included.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::Error;

use crate::context::Context;

/// A cap is overshot by what all calls of the organisation cost in this time, and no more.
pub(super) const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn watch(context: &Context) -> Result<(), Error> {
    let capped = context.engine.watch_budgets(Timestamp::now(), context.clock.now()).await?;
    if capped > 0 {
        tracing::warn!(organisations = capped, "a spend cap is reached: nobody is dialed for them");
    }
    Ok(())
}
