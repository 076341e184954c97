//! The gate at the answer: whether a rule forbids going on with a lead who has just picked up.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::call::Event;
use warmline_workflows::rules::{self, Facts, Hours, Permission, Reason};
use warmline_workflows::{CallId, Leg, campaign, lead, pacing::Cap};

use super::cache::Cache;
use super::{Request, Work};
use crate::Error;

/// Looks up, for every answer in a batch, what may have changed since the dial, and puts the rules'
/// verdict into the event, so that the journal holds what was decided and on what.
pub(super) async fn decide(
    connection: &mut PgConnection,
    cache: &mut Cache,
    requests: &mut [Request],
) -> Result<(), Error> {
    let answered: Vec<CallId> = requests
        .iter()
        .filter(|request| is_answer(request))
        .filter_map(|request| {
            cache.get(request.call).filter(|held| is_unanswered(held)).map(|_| request.call)
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
        if let Event::LegAnswered { leg: Leg::Lead, denial, .. } = &mut step.event {
            let hours = Hours { window: &held.plan.window, zones: &held.plan.zones };
            *denial = standing.deny(hours, step.now);
        }
    }
    Ok(())
}

fn is_answer(request: &Request) -> bool {
    matches!(&request.work, Work::Event(step) if matches!(step.event, Event::LegAnswered { leg: Leg::Lead, .. }))
}

fn is_unanswered(held: &super::cache::Held) -> bool {
    held.call.memory().lead_answered_at().is_none()
}

/// What may have changed since a call was opened.
struct Standing {
    tenant_enabled: bool,
    campaign: campaign::Status,
    do_not_call: bool,
}

impl Standing {
    fn deny(&self, hours: Hours<'_>, now: jiff::Timestamp) -> Option<Reason> {
        let idle = Cap { in_flight: 0, max: u32::MAX };
        let facts = Facts {
            tenant_disabled: !self.tenant_enabled,
            campaign: self.campaign,
            hours,
            lead: lead::Status::InCall,
            do_not_call: self.do_not_call,
            open_call: false,
            attempts: 0,
            max_attempts: u16::MAX,
            due_at: None,
            tenant_calls: idle,
            campaign_calls: idle,
        };
        match rules::may_continue(&facts, now) {
            Permission::Allow => None,
            Permission::DenyUntil { reason, .. } | Permission::DenyForever { reason } => Some(reason),
        }
    }
}

async fn standing(
    connection: &mut PgConnection,
    calls: &[CallId],
) -> Result<HashMap<CallId, Standing>, Error> {
    let ids: Vec<Uuid> = calls.iter().map(|call| call.0).collect();
    let rows = sqlx::query!(
        r#"select c.id, t.enabled, m.status,
                  exists (select 1 from dnc_list d where d.tenant_id = c.tenant_id and d.phone = c.phone)
                      as "do_not_call!"
           from calls c
           join tenants t on t.id = c.tenant_id
           join campaigns m on m.tenant_id = c.tenant_id and m.id = c.campaign_id
           where c.id = any($1)"#,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let campaign = row.status.parse().unwrap_or(campaign::Status::Stopped);
            let standing = Standing { tenant_enabled: row.enabled, campaign, do_not_call: row.do_not_call };
            (CallId(row.id), standing)
        })
        .collect())
}
