//! Fetching a recording: from the carrier into the store, as it comes, then away from the carrier.
//!
//! May be repeated at any point: the name in the store is always the same, and what is stored is noted last.

use std::time::Duration;

use warmline_engine::outbox::Claimed;
use warmline_engine::recordings::{Known, Recording, Stored};
use warmline_engine::{Error, crash};
use warmline_twilio::client::{Client, Control, ReadError};
use warmline_workflows::recording::Status;

use super::{Performed, lease};
use crate::context::Context;
use crate::store::StoreError;

/// The first pause before another try; a recording that was announced may not be found for a moment.
const PAUSE_MIN: Duration = Duration::from_secs(2);
/// The longest one.
const PAUSE_MAX: Duration = Duration::from_secs(15 * 60);
/// A recording that is not found for so long, in machine time, does not come any more.
const MISSING_AFTER_S: f64 = 24.0 * 3600.0;
/// How often the claim on the command is renewed while bytes come.
const KEEP_EVERY: Duration = Duration::from_secs(4);

/// Why a recording is not in the store yet.
enum Obstacle {
    Carrier(ReadError),
    Store(StoreError),
    Database(Error),
}

pub(super) async fn perform(
    context: &Context,
    claimed: &Claimed,
    recording: Recording,
) -> Result<Performed, Error> {
    let known = context.engine.note_recording(&recording, context.clock.now()).await?;
    let carrier = context.lines.of(claimed.tenant, claimed.plan.carrier).await?.carrier;
    let object = context.recording_object(&recording, known.completed_at);
    match known.status {
        Status::AtCarrier => {
            let why = match transfer(context, claimed, (&carrier, &recording), &object).await {
                Ok(stored) => return keep(context, (&carrier, &recording), &known, &stored).await,
                Err(Obstacle::Database(error)) => return Err(error),
                Err(Obstacle::Carrier(ReadError::Missing)) if known.age_s > MISSING_AFTER_S => {
                    tracing::error!(
                        recording.sid = recording.recording_sid,
                        "the carrier does not have a recording that it announced a day ago: it is given up"
                    );
                    context.engine.recording_left_carrier(&recording).await?;
                    return Ok(Performed::Quietly);
                }
                Err(Obstacle::Carrier(error)) => error.to_string(),
                Err(Obstacle::Store(error)) => error.to_string(),
            };
            delay(context, &recording, &known, why).await
        }
        Status::Stored => leave_carrier(context, (&carrier, &recording), &known).await,
        // It was deleted while it was under way, and a worker may have died just after it had stored it.
        Status::ToErase | Status::Erased => match context.store.delete(&object).await {
            Ok(()) => Ok(Performed::Quietly),
            Err(error) => delay(context, &recording, &known, error.to_string()).await,
        },
        Status::Missing => Ok(Performed::Quietly),
    }
}

/// Carries the bytes over. The claim on the command is renewed meanwhile: a long recording outlasts it.
async fn transfer(
    context: &Context,
    claimed: &Claimed,
    (carrier, recording): (&Client, &Recording),
    object: &str,
) -> Result<Stored, Obstacle> {
    let settings = &context.settings;
    let mut media = carrier
        .open_recording(&recording.recording_sid, settings.recording_format)
        .await
        .map_err(Obstacle::Carrier)?;
    crash::point("recording: opened at the carrier");
    let mut arriving = context.store.begin(object.to_owned()).map_err(Obstacle::Store)?;
    let mut renewed = tokio::time::Instant::now();
    loop {
        let taken = match media.piece().await {
            Ok(Some(piece)) => arriving.take(piece).await.map_err(Obstacle::Store),
            Ok(None) => break,
            Err(error) => Err(Obstacle::Carrier(error)),
        };
        if let Err(obstacle) = taken {
            arriving.abort().await;
            return Err(obstacle);
        }
        if renewed.elapsed() > KEEP_EVERY {
            let kept = context.engine.keep_claim(claimed.tenant, claimed.id, lease(context)).await;
            kept.map_err(Obstacle::Database)?;
            renewed = tokio::time::Instant::now();
        }
    }
    crash::point("recording: all bytes are here");
    arriving.finish().await.map_err(Obstacle::Store)
}

/// Notes that it is in the store; then the carrier need not keep it.
async fn keep(
    context: &Context,
    (carrier, recording): (&Client, &Recording),
    known: &Known,
    stored: &Stored,
) -> Result<Performed, Error> {
    crash::point("recording: stored and not noted");
    if !context.engine.recording_stored(recording, stored).await? {
        // It is to be deleted by now. Should this fail, the command is performed again, and does it then.
        if let Err(error) = context.store.delete(&stored.object).await {
            return Ok(Performed::Unavailable(PAUSE_MIN, error.to_string()));
        }
        return Ok(Performed::Quietly);
    }
    crash::point("recording: noted and still at the carrier");
    leave_carrier(context, (carrier, recording), known).await
}

async fn leave_carrier(
    context: &Context,
    (carrier, recording): (&Client, &Recording),
    known: &Known,
) -> Result<Performed, Error> {
    if !context.settings.recordings_leave_carrier || !known.at_carrier {
        return Ok(Performed::Quietly);
    }
    match carrier.delete_recording(&recording.recording_sid).await {
        Control::Done | Control::AlreadyOver => {
            context.engine.recording_left_carrier(recording).await?;
            Ok(Performed::Quietly)
        }
        Control::Retry { reason, .. } => delay(context, recording, known, reason).await,
        Control::Refused { refusal } => delay(context, recording, known, refusal.to_string()).await,
    }
}

/// Tries again later, ever more rarely: a quarter of the time that it has taken so far.
async fn delay(
    context: &Context,
    recording: &Recording,
    known: &Known,
    why: String,
) -> Result<Performed, Error> {
    context.engine.recording_delayed(recording, &why).await?;
    let pause = Duration::from_secs_f64((known.age_s / 4.0).max(0.0)).clamp(PAUSE_MIN, PAUSE_MAX);
    Ok(Performed::Unavailable(pause, why))
}
