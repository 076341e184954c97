//! Control of a leg in progress: redirect it, hold or mute it, or end it. All may be repeated.

use std::time::Duration;

use warmline_engine::outbox::Claimed;
use warmline_engine::{Error, crash};
use warmline_twilio::client::{Client, Control, Participant, Sound};
use warmline_twilio::hook::Hook;
use warmline_workflows::Leg;
use warmline_workflows::call::{Event, Plan};

use super::{Performed, news};
use crate::context::Context;

/// The pause before control is tried again; a person may be waiting on the line.
const RETRY_PAUSE: Duration = Duration::from_millis(300);

/// Makes a leg fetch its instruction again.
pub(super) async fn redirect(
    context: &Context,
    plan: &Plan,
    leg: Leg,
    sid: &str,
) -> Result<Performed, Error> {
    let carrier = context.lines.of(plan.tenant, plan.carrier).await?.carrier;
    let url = context.callback(plan, leg).url(&context.settings.public_base, Hook::voice(leg));
    crash::point("redirect: before the request");
    let control = carrier.redirect(sid, &url).await;
    crash::point("redirect: after the request");
    Ok(outcome(&carrier, control, (leg, sid)).await)
}

/// Makes a leg in the conference held and muted as the call has it by now, whatever it had when the command was
/// given: commands may overtake each other, and the last word counts.
pub(super) async fn adjust_sound(
    context: &Context,
    claimed: &Claimed,
    leg: Leg,
    call_sid: &str,
) -> Result<Performed, Error> {
    let (tenant, call, plan) = (claimed.tenant, claimed.id.call, &claimed.plan);
    let Some(heard) = context.engine.heard(tenant, call, leg).await? else { return Ok(Performed::Quietly) };
    let Some(conference_sid) = heard.conference_sid.as_deref() else {
        let why = "the carrier has not named the conference yet";
        return Ok(Performed::Unavailable(RETRY_PAUSE, why.to_owned()));
    };
    let carrier = context.lines.of(plan.tenant, plan.carrier).await?.carrier;
    let hold_url = context.callback(plan, leg).url(&context.settings.public_base, Hook::Wait);
    let sound = Sound { is_held: heard.is_held, is_muted: heard.is_muted, hold_url: &hold_url };
    let control = carrier.adjust_sound(Participant { conference_sid, call_sid }, &sound).await;
    let performed = outcome(&carrier, control, (leg, call_sid)).await;
    // Another command may have been slower with what is out of date by now.
    match context.engine.heard(tenant, call, leg).await? {
        Some(now) if now != heard => {
            Ok(Performed::Unavailable(Duration::ZERO, "the sound was changed meanwhile".to_owned()))
        }
        _ => Ok(performed),
    }
}

/// Ends a leg.
pub(super) async fn hang_up(context: &Context, plan: &Plan, sid: &str) -> Result<Performed, Error> {
    let carrier = context.lines.of(plan.tenant, plan.carrier).await?.carrier;
    crash::point("hang up: before the request");
    let control = carrier.hang_up(sid).await;
    crash::point("hang up: after the request");
    Ok(match control {
        Control::Retry { reason, retry_after } => {
            Performed::Unavailable(retry_after.unwrap_or(RETRY_PAUSE), reason)
        }
        Control::Refused { refusal } => {
            tracing::error!(refusal = ?refusal, "the carrier refused to end a leg");
            Performed::Quietly
        }
        // How it ended is told by its status callback, or by the check that follows.
        Control::Done | Control::AlreadyOver => Performed::Quietly,
    })
}

async fn outcome(carrier: &Client, control: Control, (leg, sid): (Leg, &str)) -> Performed {
    match control {
        Control::Done => Performed::Quietly,
        // We lost the race to a hang-up, and the webhook that tells of it may be lost: ask.
        Control::AlreadyOver => Performed::Done(match carrier.fetch_call(sid).await {
            Ok(resource) => news(leg, &resource),
            Err(_) => Event::LegCheckInconclusive { leg },
        }),
        Control::Retry { reason, retry_after } => {
            Performed::Unavailable(retry_after.unwrap_or(RETRY_PAUSE), reason)
        }
        Control::Refused { refusal } => {
            tracing::error!(refusal = ?refusal, "the carrier refused to steer a leg");
            Performed::Quietly
        }
    }
}
