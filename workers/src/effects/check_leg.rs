//! Asking the carrier about a leg: what became of it, or whether it exists at all.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::outbox::{Claimed, Doubt};
use warmline_engine::{Error, crash};
use warmline_twilio::client::{CallResource, ReadError};
use warmline_twilio::status::CallStatus;
use warmline_workflows::Leg;
use warmline_workflows::call::{CommandId, Event, Ordinal};

use super::Performed;
use crate::context::Context;

/// Successful lists without the leg before it may be taken as never placed.
const EMPTY_LISTS_MIN: i16 = 3;
/// Seconds after sending at which the list is read, in turn; then every two minutes.
const LOOKS_S: [f64; 6] = [2.0, 5.0, 15.0, 30.0, 60.0, 120.0];
/// How much older than its sending a leg in the list may be: clocks differ.
const CLOCK_MARGIN_S: i64 = 60;

pub(super) async fn perform(
    context: &Context,
    claimed: &Claimed,
    leg: Leg,
    (sid, placement): (Option<&str>, Ordinal),
) -> Result<Performed, Error> {
    let Some(sid) = sid else {
        let id = CommandId { call: claimed.id.call, ordinal: placement };
        if let Some(doubt) = context.engine.find_doubt(claimed.tenant, id).await? {
            look_for(context, &doubt).await?;
        }
        return Ok(Performed::Done(Event::LegCheckInconclusive { leg }));
    };
    let carrier = context.lines.of(claimed.tenant, claimed.plan.carrier).await?.carrier;
    Ok(match carrier.fetch_call(sid).await {
        Ok(resource) => Performed::Done(news(leg, &resource)),
        Err(ReadError::Missing) => Performed::Done(Event::LegCheckInconclusive { leg }),
        Err(error) => {
            tracing::warn!(call.id = %claimed.id.call, leg = %leg, error = %error, "a leg could not be looked up");
            Performed::Done(Event::LegCheckInconclusive { leg })
        }
    })
}

/// What a leg at the carrier tells, as the event that a webhook would have brought.
pub(crate) fn news(leg: Leg, resource: &CallResource) -> Event {
    let sid = resource.sid.clone();
    match resource.status {
        Some(CallStatus::Queued) => Event::LegPlaced { leg, sid },
        Some(CallStatus::Initiated) => Event::LegInitiated { leg, sid },
        Some(CallStatus::Ringing) => Event::LegRinging { leg, sid },
        Some(CallStatus::InProgress) => Event::LegAnswered { leg, sid, denial: None },
        Some(status) => match status.ending() {
            Some(ending) => {
                Event::LegEnded { leg, sid, ending, duration_s: resource.duration_s.unwrap_or(0) }
            }
            None => Event::LegCheckInconclusive { leg },
        },
        None => Event::LegCheckInconclusive { leg },
    }
}

/// Looks for a placement in doubt in the carrier's list.
///
/// Found: it is bound, and any further match is hung up. Not found in enough lists over the whole
/// quiet window: it is taken as never placed.
pub(crate) async fn look_for(context: &Context, doubt: &Doubt) -> Result<(), Error> {
    let claimed = &doubt.claimed;
    let Some((leg, to)) = claimed.destination() else { return Ok(()) };
    let plan = &claimed.plan;
    let carrier = context.lines.of(claimed.tenant, plan.carrier).await?.carrier;
    let calls = match carrier.list_calls(to, &plan.caller_id).await {
        Ok(calls) => calls,
        Err(error) => {
            tracing::warn!(call.id = %plan.call, leg = %leg, error = %error, "the carrier's list cannot be read");
            return Ok(());
        }
    };
    let sids: Vec<String> = calls.iter().map(|call| call.sid.clone()).collect();
    let bound = context.engine.bound_sids(claimed.tenant, plan.call, &sids).await?;
    let opened = plan.opened_at;
    let mut candidates: Vec<&CallResource> = calls
        .iter()
        .filter(|call| !bound.contains(&call.sid) && is_recent(call.date_created, opened))
        .collect();
    candidates.sort_by_key(|call| call.date_created);
    if let Some((found, surplus)) = candidates.split_first() {
        tracing::info!(call.id = %plan.call, leg = %leg, leg.sid = %found.sid, "a placement in doubt was found");
        crash::point("rescue: found and not reported");
        super::report(context, claimed, Event::LegPlaced { leg, sid: found.sid.clone() }).await?;
        context.report(plan, news(leg, found), format!("{} found {}", claimed.id, found.sid)).await?;
        for call in surplus {
            tracing::error!(call.id = %plan.call, leg = %leg, leg.sid = %call.sid, "a second leg for one placement");
            carrier.hang_up(&call.sid).await;
        }
        return Ok(());
    }
    let window_s = context.settings.quiet_window.as_secs_f64();
    if doubt.empty_lists + 1 >= EMPTY_LISTS_MIN && doubt.age_s >= window_s {
        tracing::warn!(call.id = %plan.call, leg = %leg, "a placement stays unconfirmed");
        crash::point("rescue: unconfirmed and not reported");
        return super::report(context, claimed, Event::PlacementUnconfirmed { leg }).await;
    }
    let next_s = LOOKS_S.into_iter().find(|at| *at > doubt.age_s).map_or(120.0, |at| at - doubt.age_s);
    // Never miss the end of the window by a whole interval.
    let left_s = (window_s - doubt.age_s).max(0.5);
    let pause = Duration::from_secs_f64(next_s.min(left_s).max(0.2));
    context.engine.note_empty_list(claimed.tenant, claimed.id, pause).await
}

fn is_recent(created: Option<Timestamp>, opened: Timestamp) -> bool {
    // A leg still queued may have no date: it cannot be an old one.
    created.is_none_or(|created| created.as_second() >= opened.as_second() - CLOCK_MARGIN_S)
}
