//! Audio files that are to be deleted from the store: because somebody says so, or because they never came whole.

use std::time::Duration;

use warmline_engine::Error;

use crate::context::Context;
use crate::store;

pub(super) const EVERY: Duration = Duration::from_secs(5);
/// Deleted in one round.
const PORTION: i64 = 100;

pub(super) async fn remove(context: &Context) -> Result<(), Error> {
    for (tenant, audio) in context.engine.audio_to_erase(PORTION).await? {
        match context.store.delete(&store::audio_object(tenant, audio)).await {
            Ok(()) => context.engine.audio_erased(tenant, audio).await?,
            Err(error) => {
                tracing::warn!(audio.id = %audio, error = %error, "an audio file is not deleted yet; it is tried again");
            }
        }
    }
    Ok(())
}
