//! Duties: what one process does for all, each on a leader of its own.
//!
//! Any number of schedulers may run. Each duty is led by the one that holds its lock in Postgres; when
//! that one is gone, or loses its connection, another takes over at its next try.

mod audio;
mod caller_ids;
mod cleaning;
mod deliveries;
mod inquiries;
mod nightly;
mod pacing;
mod presence;
mod prices;
mod recordings;
mod rescue;
mod spending;
mod statistics;
mod sweep;
mod timers;
mod watch;

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use warmline_engine::Error;
use warmline_engine::leader::Candidate;

use crate::context::Context;
use crate::queue::Queues;

/// How often a process that does not lead tries to.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// Does every duty that falls to this process until it is told to stop.
pub async fn run(context: Context, queues: Queues, stop: CancellationToken) {
    let timers = lead("timers", &context, &stop, timers::EVERY, || timers::fire(&context));
    let pacing = lead("pacing", &context, &stop, pacing::EVERY, || pacing::pace(&context));
    let sweep = lead("sweep", &context, &stop, sweep::EVERY, || sweep::push_overdue(&context, &queues));
    let caller_ids = lead("caller ids", &context, &stop, caller_ids::EVERY, || caller_ids::check(&context));
    let recordings =
        lead("recordings", &context, &stop, recordings::EVERY, || recordings::look_after(&context));
    let outdated =
        lead("outdated", &context, &stop, recordings::OUTDATED_EVERY, || recordings::outdate(&context));
    let prices = lead("prices", &context, &stop, prices::EVERY, || prices::ask(&context));
    let audio = lead("audio", &context, &stop, audio::EVERY, || audio::remove(&context));
    let presence = lead("presence", &context, &stop, presence::EVERY, || presence::look(&context));
    let rescue = lead("rescue", &context, &stop, rescue::EVERY, || rescue::resolve(&context));
    let cleaning = lead("cleaning", &context, &stop, cleaning::EVERY, || cleaning::clean(&context));
    let deliveries =
        lead("deliveries", &context, &stop, deliveries::EVERY, || deliveries::deliver(&context, &queues));
    let nightly = lead("nightly", &context, &stop, nightly::EVERY, || nightly::purge(&context));
    let spending = lead("spending", &context, &stop, spending::EVERY, || spending::watch(&context));
    let statistics = lead("statistics", &context, &stop, statistics::EVERY, || statistics::count(&context));
    let watch = async {
        while !stop.is_cancelled() {
            term("watch", &context, &stop, watch::EVERY, &mut || watch::observe(&context)).await;
            watch::forget();
        }
    };
    tokio::join!(
        timers, pacing, caller_ids, presence, prices, sweep, rescue, cleaning, deliveries, nightly,
        recordings, outdated, audio, spending, statistics, watch
    );
}

/// Does one duty again and again whenever this process leads in it.
async fn lead<F>(
    duty: &'static str,
    context: &Context,
    stop: &CancellationToken,
    every: Duration,
    mut once: impl FnMut() -> F,
) where
    F: Future<Output = Result<(), Error>>,
{
    while !stop.is_cancelled() {
        term(duty, context, stop, every, &mut once).await;
    }
}

/// Waits for the lead in a duty, and does it until the lead is lost.
async fn term<F>(
    duty: &'static str,
    context: &Context,
    stop: &CancellationToken,
    every: Duration,
    once: &mut impl FnMut() -> F,
) where
    F: Future<Output = Result<(), Error>>,
{
    let Some(mut leadership) = take_lead(duty, context, stop).await else { return };
    tracing::debug!(duty, "leading");
    while !stop.is_cancelled() && leadership.is_held().await {
        let done = once().await;
        let outcome = if done.is_ok() { "done" } else { "failed" };
        metrics::counter!("warmline_duty_rounds_total", "duty" => duty, "outcome" => outcome).increment(1);
        if let Err(error) = done {
            tracing::warn!(duty, error = %error, "a round of a duty failed; it is done again");
            pause(TRY_EVERY, stop).await;
        }
        pause(every, stop).await;
    }
}

/// Stands by until this process leads; none when the connection broke, or it is time to stop.
async fn take_lead(duty: &'static str, context: &Context, stop: &CancellationToken) -> Option<Candidate> {
    let stood = async {
        let mut candidate = context.engine.stand_for(duty).await?;
        while !stop.is_cancelled() {
            if candidate.try_lead().await? {
                return Ok(Some(candidate));
            }
            pause(TRY_EVERY, stop).await;
        }
        Ok(None)
    };
    let stood: Result<Option<Candidate>, Error> = stood.await;
    match stood {
        Ok(candidate) => candidate,
        Err(error) => {
            tracing::warn!(duty, error = %error, "cannot stand for the lead");
            pause(TRY_EVERY, stop).await;
            None
        }
    }
}

async fn pause(length: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(length) => {}
        () = stop.cancelled() => {}
    }
}
