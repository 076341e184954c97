//! The gate at the answer: whether a rule forbids going on with a lead who has just picked up.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::call::{Event, Plan};
use warmline_workflows::caller_ids::Availability;
use warmline_workflows::{CallId, Leg, campaign, rules};

use super::cache::Cache;
use super::failure::Failure;
use super::{Request, Work};
use crate::standing::Standing;
use crate::vault::PhoneKey;

/// Looks up, for every answer in a batch, what may have changed since the dial, and puts the rules'
/// verdict into the event, so that the journal holds what was decided and on what.
pub(super) async fn decide(
    connection: &mut PgConnection,
    cache: &mut Cache,
    requests: &mut [Request],
) -> Result<(), Failure> {
    let answered: Vec<(Arc<Plan>, PhoneKey)> = requests
        .iter()
        .filter(|request| is_answer(request))
        .filter_map(|request| {
            let held = cache.get(request.call).filter(|held| is_unanswered(held))?;
            Some((Arc::clone(&held.plan), held.phone))
        })
        .collect();
    if answered.is_empty() {
        return Ok(());
    }
    let standing = standing(connection, &answered).await?;
    for request in requests {
        let Some(held) = cache.get(request.call) else { continue };
        let (Some(standing), Work::Event(step)) = (standing.get(&request.call), &mut request.work) else {
            continue;
        };
        let verdict = standing.denial(&held.plan, rules::may_continue, step.now);
        match &mut step.event {
            Event::LegAnswered { leg: Leg::Lead, denial, .. } => *denial = verdict,
            // The answer itself was overtaken, or never came; this proves it, and goes no further.
            Event::VerdictReached { sid, .. } if verdict.is_some() => {
                let sid = std::mem::take(sid);
                step.event = Event::LegAnswered { leg: Leg::Lead, sid, denial: verdict };
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether the event shows that somebody, or something, picked up the lead's phone.
fn is_answer(request: &Request) -> bool {
    match &request.work {
        Work::Event(step) => {
            matches!(step.event, Event::LegAnswered { leg: Leg::Lead, .. } | Event::VerdictReached { .. })
        }
        Work::Tick { .. } => false,
    }
}

fn is_unanswered(held: &super::cache::Held) -> bool {
    held.call.memory().lead_answered_at().is_none()
}

async fn standing(
    connection: &mut PgConnection,
    plans: &[(Arc<Plan>, PhoneKey)],
) -> Result<HashMap<CallId, Standing>, Failure> {
    let ids: Vec<Uuid> = plans.iter().map(|(plan, _)| plan.call.0).collect();
    let tenants: Vec<Uuid> = plans.iter().map(|(plan, _)| plan.tenant.0).collect();
    let campaigns: Vec<Uuid> = plans.iter().map(|(plan, _)| plan.campaign.0).collect();
    let phones: Vec<&[u8]> = plans.iter().map(|(_, phone)| phone.0.as_slice()).collect();
    let rows = sqlx::query!(
        r#"select i.id as "id!", t.enabled, m.status,
                  exists (select 1 from dnc_list d where d.tenant_id = i.tenant_id and d.phone_key = i.phone_key)
                      as "do_not_call!"
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[])
                as i(id, tenant_id, campaign_id, phone_key)
           join tenants t on t.id = i.tenant_id
           join campaigns m on m.tenant_id = i.tenant_id and m.id = i.campaign_id"#,
        &ids,
        &tenants,
        &campaigns,
        &phones as &[&[u8]],
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let campaign = row.status.parse().unwrap_or(campaign::Status::Stopped);
            let standing = Standing {
                tenant_enabled: row.enabled,
                // Asked before the dial; a call that was placed is not of another country now.
                country_denied: false,
                // Money was set aside for this call. Those that are too many are ended by the watch.
                spend_capped: false,
                // One was shown.
                caller_ids: Availability::Available,
                campaign,
                do_not_call: row.do_not_call,
            };
            (CallId(row.id), standing)
        })
        .collect())
}
