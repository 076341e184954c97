//! Recordings that are to be deleted: because somebody says so, their lead was erased, or they are old enough.

use std::time::Duration;

use warmline_engine::Error;
use warmline_engine::recordings::Removal;
use warmline_twilio::client::Control;

use crate::context::Context;

pub(super) const EVERY: Duration = Duration::from_secs(5);
/// Deleted in one round.
const PORTION: i64 = 100;

pub(super) async fn remove(context: &Context) -> Result<(), Error> {
    let outdated = context.engine.outdate_recordings().await?;
    if outdated > 0 {
        tracing::info!(recordings = outdated, "recordings are older than their organisations keep them");
    }
    for removal in context.engine.recordings_to_remove(PORTION).await? {
        match erase(context, &removal).await? {
            None => context.engine.recording_erased(&removal.recording).await?,
            Some(why) => context.engine.recording_delayed(&removal.recording, &why).await?,
        }
    }
    Ok(())
}

/// Deletes a recording wherever it is; says why not, if so: it is tried again in the next round.
async fn erase(context: &Context, removal: &Removal) -> Result<Option<String>, Error> {
    let Removal { recording, completed_at, carrier, object, at_carrier } = removal;
    // A worker may have died between storing it and saying so: then it has the name that it would have now.
    let object = object.clone().unwrap_or_else(|| context.recording_object(recording, *completed_at));
    if let Err(error) = context.store.delete(&object).await {
        return Ok(Some(error.to_string()));
    }
    if !at_carrier {
        return Ok(None);
    }
    let line = context.lines.of(recording.tenant, *carrier).await?;
    Ok(match line.carrier.delete_recording(&recording.recording_sid).await {
        Control::Done | Control::AlreadyOver => None,
        Control::Retry { reason, .. } => Some(reason),
        Control::Refused { refusal } => Some(refusal.to_string()),
    })
}
