//! Effects: one command each, performed and reported.
//!
//! What can come of a command is a closed set of words: it is done (and reported as an event), it
//! is rejected for good, it is unavailable until later, or, for a placement, it is in doubt.

mod check_leg;
mod control;
mod fetch_recording;
mod place_leg;

use std::sync::Arc;
use std::time::Duration;

use warmline_engine::agents::{Reserved, Wanted};
use warmline_engine::outbox::Claimed;
use warmline_engine::recordings::Recording;
use warmline_engine::{Error, Key, Step, crash};
use warmline_twilio::softphone;
use warmline_workflows::TenantId;
use warmline_workflows::agent::{self, Reach};
use warmline_workflows::call::{Command, CommandId, Event};

use crate::context::Context;
use crate::delivery;
use crate::queue::{Handler, Work};

pub(crate) use check_leg::look_for;
use check_leg::news;
pub(crate) use place_leg::in_doubt;

/// What came of a command that may be performed again.
pub(crate) enum Performed {
    /// It is done, and this is what happened.
    Done(Event),
    /// It is done, and no call waits to hear of it.
    Quietly,
    /// Not now; try again after a pause of machine time.
    Unavailable(Duration, String),
}

/// A lease outlasts one request to the carrier by this much: its outcome has to be stored as well. No
/// longer, because the command of a worker that died waits for its lease, and a person may wait with it;
/// a worker that is slower than its lease merely repeats what may be repeated.
const LEASE_MARGIN: Duration = Duration::from_secs(5);

/// Performs what jobs name.
#[must_use]
pub fn handler(context: Context) -> Handler {
    Arc::new(move |job| {
        let context = context.clone();
        Box::pin(async move {
            match job.work {
                Work::Command { id, once } => perform(&context, job.tenant, id, once).await,
                Work::Delivery { id } => delivery::perform(&context, job.tenant, id).await,
                Work::Import { .. } => {
                    tracing::error!(job = ?job.work, "nobody here performs this sort of job; it was dropped");
                }
            }
        })
    })
}

/// Performs a command, if it is still to be performed.
async fn perform(context: &Context, tenant: TenantId, id: CommandId, once: bool) {
    let done = if once {
        place_leg::perform(context, tenant, id).await
    } else {
        match context.engine.claim(tenant, id, lease(context)).await {
            Ok(Some(claimed)) => repeatable(context, &claimed).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        }
    };
    if let Err(error) = done {
        // The sweep will bring the command back.
        tracing::warn!(call.id = %id.call, command = %id, error = %error, "a command was left undone");
    }
}

/// How long a command belongs to the worker that claimed it, in machine time.
fn lease(context: &Context) -> Duration {
    context.settings.placement_timeout + LEASE_MARGIN
}

#[tracing::instrument(name = "effect", skip_all, fields(call.id = %claimed.id.call, command = claimed.command.name()))]
async fn repeatable(context: &Context, claimed: &Claimed) -> Result<(), Error> {
    crash::point("effect: claimed");
    let began = std::time::Instant::now();
    let performed = act(context, claimed).await?;
    measure(claimed.command.name(), &performed, began.elapsed());
    crash::point("effect: performed and not reported");
    match performed {
        Performed::Done(event) => report(context, claimed, event).await,
        Performed::Quietly => context.engine.settle(claimed.tenant, claimed.id).await,
        Performed::Unavailable(pause, why) => {
            tracing::warn!(call.id = %claimed.id.call, command = claimed.command.name(), why, "a command has to wait");
            context.engine.put_back(claimed.tenant, claimed.id, pause, &why).await
        }
    }
}

fn measure(command: &'static str, performed: &Performed, took: Duration) {
    let outcome = match performed {
        Performed::Done(_) | Performed::Quietly => "done",
        Performed::Unavailable(..) => "unavailable",
    };
    metrics::counter!("warmline_effects_total", "command" => command, "outcome" => outcome).increment(1);
    metrics::histogram!("warmline_effect_seconds", "command" => command).record(took);
}

async fn act(context: &Context, claimed: &Claimed) -> Result<Performed, Error> {
    let (tenant, id, now) = (claimed.tenant, claimed.id, context.clock.now());
    match &claimed.command {
        Command::ReserveAgent { exclude } => {
            let wanted = Wanted { tenant, group: claimed.plan.group, command: id, exclude };
            Ok(Performed::Done(match context.engine.reserve_agent(&wanted, now).await? {
                Some(reserved) => Event::AgentReserved {
                    agent: reserved.agent,
                    phone: address(context, claimed, reserved).await?,
                },
                None => Event::AgentUnavailable,
            }))
        }
        Command::MoveAgent { agent, to } => {
            context.engine.move_agent(tenant, *agent, id, (*to, now)).await?;
            Ok(Performed::Quietly)
        }
        Command::ReleaseAgent { agent, release } => {
            context.engine.release_agent(tenant, *agent, id.call, (*release, now)).await?;
            Ok(Performed::Quietly)
        }
        // Repeated after a lost answer or a dead worker, it would come late.
        Command::Redirect { leg, .. } if context.engine.has_moved_on(tenant, id, *leg).await? => {
            Ok(Performed::Quietly)
        }
        Command::Redirect { leg, sid } => control::redirect(context, &claimed.plan, *leg, sid).await,
        Command::AdjustSound { leg, sid } => control::adjust_sound(context, claimed, *leg, sid).await,
        Command::HangUp { sid, .. } => control::hang_up(context, &claimed.plan, sid).await,
        Command::CheckLeg { leg, sid, placement } => {
            check_leg::perform(context, claimed, *leg, (sid.as_deref(), *placement)).await
        }
        Command::FetchRecording { recording_sid, duration_s } => {
            let recording = Recording {
                tenant,
                call: id.call,
                recording_sid: recording_sid.clone(),
                duration_s: *duration_s,
            };
            fetch_recording::perform(context, claimed, recording).await
        }
        // Placements have a claim of their own and are never claimed as repeatable.
        Command::PlaceLeg { .. } => Err(Error::Refused("a placement was claimed as repeatable".to_owned())),
    }
}

/// Where an agent is called: in its browser, if it takes calls there and the account that the call is on has
/// softphones; else on its telephone.
async fn address(context: &Context, claimed: &Claimed, agent: Reserved) -> Result<String, Error> {
    let is_in_browser = agent.reach == Reach::Browser
        && context.lines.of(claimed.tenant, claimed.plan.carrier).await?.carrier.has_softphones();
    Ok(if is_in_browser {
        softphone::address(&agent::identity(claimed.tenant, agent.agent))
    } else {
        agent.phone
    })
}

/// Reports a command's result; the command leaves the outbox in the same commit.
pub(crate) async fn report(context: &Context, claimed: &Claimed, event: Event) -> Result<(), Error> {
    let key = key(claimed.id, &event);
    let step = Step {
        tenant: claimed.tenant,
        call: claimed.id.call,
        token: None,
        event,
        key,
        settles: Some(claimed.id.ordinal),
        now: context.clock.now(),
    };
    context.engine.step(step).await.map(drop)
}

/// A command's result is one event, however often it is reported.
fn key(id: CommandId, event: &Event) -> Key {
    Key(format!("{id} {}", event.name()))
}
