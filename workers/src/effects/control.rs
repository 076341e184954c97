//! Control of a leg in progress: redirect it, or end it. Both may be repeated.

use std::time::Duration;

use warmline_engine::crash;
use warmline_twilio::client::Control;
use warmline_twilio::hook::Hook;
use warmline_workflows::Leg;
use warmline_workflows::call::{Event, Plan};

use super::{Performed, news};
use crate::context::Context;

/// The pause before control is tried again; a person may be waiting on the line.
const RETRY_PAUSE: Duration = Duration::from_millis(300);

/// Makes a leg fetch its instruction again.
pub(super) async fn redirect(context: &Context, plan: &Plan, leg: Leg, sid: &str) -> Performed {
    let url = context.callback(plan, leg).url(&context.settings.public_base, Hook::voice(leg));
    crash::point("redirect: before the request");
    let control = context.carrier.redirect(sid, &url).await;
    crash::point("redirect: after the request");
    outcome(context, control, (leg, sid)).await
}

/// Ends a leg.
pub(super) async fn hang_up(context: &Context, sid: &str) -> Performed {
    crash::point("hang up: before the request");
    let control = context.carrier.hang_up(sid).await;
    crash::point("hang up: after the request");
    match control {
        Control::Retry { reason, retry_after } => {
            Performed::Unavailable(retry_after.unwrap_or(RETRY_PAUSE), reason)
        }
        Control::Refused { refusal } => {
            tracing::error!(refusal = ?refusal, "the carrier refused to end a leg");
            Performed::Quietly
        }
        // How it ended is told by its status callback, or by the check that follows.
        Control::Done | Control::AlreadyOver => Performed::Quietly,
    }
}

async fn outcome(context: &Context, control: Control, (leg, sid): (Leg, &str)) -> Performed {
    match control {
        Control::Done => Performed::Quietly,
        // We lost the race to a hang-up, and the webhook that tells of it may be lost: ask.
        Control::AlreadyOver => Performed::Done(match context.carrier.fetch_call(sid).await {
            Ok(resource) => news(leg, &resource),
            Err(_) => Event::LegCheckInconclusive { leg },
        }),
        Control::Retry { reason, retry_after } => {
            Performed::Unavailable(retry_after.unwrap_or(RETRY_PAUSE), reason)
        }
        Control::Refused { refusal } => {
            tracing::error!(refusal = ?refusal, "the carrier refused to redirect a leg");
            Performed::Quietly
        }
    }
}
