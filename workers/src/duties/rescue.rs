//! Resolves placements whose outcome is not known.

use std::time::Duration;

use warmline_engine::Error;
use warmline_workflows::call::Command;

use crate::context::Context;
use crate::effects;

pub(super) const EVERY: Duration = Duration::from_millis(500);
const PER_ROUND: i64 = 50;

pub(super) async fn resolve(context: &Context) -> Result<(), Error> {
    for doubt in context.engine.expire_placements(PER_ROUND).await? {
        if let Command::PlaceLeg { leg, .. } = doubt.claimed.command {
            effects::in_doubt(context, &doubt.claimed, leg, "the worker that sent it is gone").await?;
        }
    }
    for doubt in context.engine.doubts_due(PER_ROUND).await? {
        if let Command::PlaceLeg { leg, .. } = doubt.claimed.command {
            // The call may not have heard of the doubt yet: whoever noted it may have died then.
            effects::in_doubt(context, &doubt.claimed, leg, "its outcome is not known").await?;
        }
        effects::look_for(context, &doubt).await?;
    }
    Ok(())
}
