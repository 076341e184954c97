//! Asking the carrier about calls that are over: many at once, from lists.

use jiff::{SignedDuration, Timestamp};
use warmline_engine::Error;
use warmline_engine::inquiries::Inquiry;
use warmline_twilio::client::{Client, Listed};
use warmline_workflows::inquiry::About;

use crate::context::Context;

/// How many portions are asked for in one round of a duty, each on one account.
pub(super) const PORTIONS: usize = 20;
/// Calls in one portion.
const PORTION: i64 = 500;
/// How far the carrier's clock may be from ours, and how late it may begin with what it was asked for.
pub(super) const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Calls on one account, and who speaks to it.
pub(super) struct Portion {
    pub(super) carrier: Client,
    pub(super) due: Vec<Inquiry>,
    pub(super) now: Timestamp,
}

/// What is to be asked next, if anything is. What is on an account that cannot be used now is put off.
pub(super) async fn next(context: &Context, about: About) -> Result<Option<Portion>, Error> {
    let now = context.clock.now();
    let due = context.engine.inquiries_due(about, now, PORTION).await?;
    let Some(first) = due.first() else { return Ok(None) };
    match context.lines.of(first.tenant, first.carrier).await {
        Ok(line) => Ok(Some(Portion { carrier: line.carrier, due, now })),
        Err(error) => {
            put_off(context, about, (&due, now), &error.to_string()).await?;
            Err(error)
        }
    }
}

/// Puts off what could not be asked.
pub(super) async fn put_off(
    context: &Context,
    about: About,
    (due, now): (&[Inquiry], Timestamp),
    why: &str,
) -> Result<(), Error> {
    tracing::warn!(about = %about, calls = due.len(), why, "the carrier could not be asked about calls; it is later");
    context.engine.put_off_inquiries(about, due, now).await
}

/// From when on a list leaves nothing out.
pub(super) fn whole_from<T>(listed: &Listed<T>, date: impl Fn(&T) -> Option<Timestamp>) -> Timestamp {
    if listed.is_whole {
        return Timestamp::MIN;
    }
    listed.items.iter().filter_map(date).min().unwrap_or(Timestamp::MAX)
}

/// The calls of which lists that are whole from an instant on say something; all of them if they do of none, so that
/// nothing is asked about over and over without a pause.
pub(super) fn answered(due: Vec<Inquiry>, whole_from: Timestamp) -> (Vec<Inquiry>, Vec<Inquiry>) {
    let (told, untold): (Vec<_>, Vec<_>) =
        due.into_iter().partition(|inquiry| inquiry.opened_at >= whole_from);
    // The others stay due, and are next.
    if told.is_empty() { (told, untold) } else { (told, Vec::new()) }
}
