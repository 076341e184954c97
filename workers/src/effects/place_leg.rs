//! Placing a leg: the one effect that rings a telephone, performed at most once.
//!
//! The commit that claims it precedes the request. From then on nobody sends it again: it comes to
//! a clear answer, or it is in doubt and resolved by evidence.

use std::time::{Duration, Instant};

use warmline_engine::outbox::Claimed;
use warmline_engine::placement::Claim;
use warmline_engine::{Error, crash};
use warmline_twilio::client::{Amd, Client, NewCall, Placement, RefusalClass};
use warmline_workflows::call::{CommandId, Event, Queue, Refusal};
use warmline_workflows::{Leg, TenantId};

use super::{LEASE_MARGIN, lease, report};
use crate::context::{Context, TIME_LIMIT_S};

/// The pause after the carrier asked us to slow down or could not be reached.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn perform(context: &Context, tenant: TenantId, id: CommandId) -> Result<(), Error> {
    // A job may be pushed twice; only one that is still to be done may use up a slot.
    let Some(pending) = context.engine.pending(tenant, id).await? else { return Ok(()) };
    let line = context.lines.of(tenant, pending.carrier).await?;
    // The slot before the claim: what is claimed leaves at once.
    match pending.queue {
        Queue::Dial => line.limiter.take().await,
        _ => line.limiter.take_urgent().await,
    }
    let began = Instant::now();
    match context.engine.claim_placement(tenant, id, lease(context), context.clock.now()).await? {
        Claim::NotOurs => Ok(()),
        Claim::Blocked => {
            tracing::warn!(call.id = %id.call, "not dialed: too many placements are in doubt");
            Ok(())
        }
        Claim::Withhold { claimed, reason } => {
            report(context, &claimed, Event::PlacementWithheld { reason }).await
        }
        // Whoever was held up has no right left to send: the quiet window counts from the claim.
        Claim::Send(claimed) if began.elapsed() > LEASE_MARGIN => {
            context.engine.put_back(tenant, claimed.id, Duration::ZERO, "held up before it was sent").await
        }
        Claim::Send(claimed) => send(context, &line.carrier, &claimed).await,
    }
}

#[tracing::instrument(name = "effect", skip_all, fields(call.id = %claimed.id.call, command = "place_leg"))]
async fn send(context: &Context, carrier: &Client, claimed: &Claimed) -> Result<(), Error> {
    let Some((leg, to)) = claimed.destination() else {
        return Err(Error::Refused("only a placement to a known number can be sent".to_owned()));
    };
    let plan = &claimed.plan;
    let conduct = &plan.conduct;
    let call = NewCall {
        to: to.to_owned(),
        from: plan.caller_id.clone(),
        callback: context.callback(plan, leg),
        public_base: context.settings.public_base.clone(),
        ring_timeout_s: match leg {
            Leg::Lead => conduct.ring_timeout_s,
            Leg::Agent(_) => conduct.agent_ring_timeout_s,
        },
        time_limit_s: TIME_LIMIT_S,
        amd: conduct.amd_timeout_s.filter(|_| leg == Leg::Lead).map(|timeout_s| Amd { timeout_s }),
    };
    crash::point(match leg {
        Leg::Lead => "place lead: before the request",
        Leg::Agent(_) => "place agent: before the request",
    });
    let placement = carrier.create_call(&call).await;
    crash::point(match leg {
        Leg::Lead => "place lead: after the request",
        Leg::Agent(_) => "place agent: after the request",
    });
    match placement {
        Placement::Placed { sid } => report(context, claimed, Event::LegPlaced { leg, sid }).await,
        Placement::NotSent { reason } => {
            tracing::warn!(call.id = %plan.call, leg = %leg, reason, "the carrier could not be reached");
            context.engine.put_back(claimed.tenant, claimed.id, RETRY_PAUSE, &reason).await
        }
        Placement::Throttled { retry_after } => {
            let pause = retry_after.unwrap_or(RETRY_PAUSE);
            context.engine.put_back(claimed.tenant, claimed.id, pause, "the carrier asks to slow down").await
        }
        Placement::Refused { refusal } => {
            tracing::warn!(call.id = %plan.call, leg = %leg, refusal = ?refusal, "the carrier refused a leg");
            let detail = match refusal.code {
                Some(code) => format!("{code}: {}", refusal.message),
                None => format!("HTTP {}: {}", refusal.http_status, refusal.message),
            };
            let refusal = kind(refusal.class);
            if refusal == Refusal::Account {
                // Every further dial would be refused as well: the campaign waits for a person.
                tracing::error!(campaign.id = %plan.campaign, detail, "the campaign is paused: mend the carrier account");
                context.engine.pause_campaign(plan.tenant, plan.campaign, context.clock.now()).await?;
            }
            report(context, claimed, Event::LegRefused { leg, refusal, detail }).await
        }
        Placement::Unknown { reason } => in_doubt(context, claimed, leg, &reason).await,
    }
}

/// Notes the doubt first, so that the placement is looked for even if the report is lost.
pub(crate) async fn in_doubt(context: &Context, claimed: &Claimed, leg: Leg, why: &str) -> Result<(), Error> {
    tracing::warn!(call.id = %claimed.plan.call, leg = %leg, why, "a placement is in doubt");
    context.engine.doubt(claimed.tenant, claimed.id, why).await?;
    crash::point("doubt: noted and not reported");
    let event = Event::PlacementInDoubt { leg, why: why.to_owned() };
    context.report(&claimed.plan, event, format!("{} in doubt", claimed.id)).await.map(drop)
}

fn kind(class: RefusalClass) -> Refusal {
    match class {
        RefusalClass::InvalidNumber => Refusal::InvalidNumber,
        RefusalClass::Unreachable | RefusalClass::GeoPermission | RefusalClass::Blocked => {
            Refusal::NotReachable
        }
        RefusalClass::CallerId | RefusalClass::Credentials | RefusalClass::Account => Refusal::Account,
        RefusalClass::Request => Refusal::Request,
    }
}
