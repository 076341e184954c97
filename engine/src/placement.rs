//! The claim of a placement: the rules once more, then the commit that precedes the request.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{Postgres, Transaction};
use warmline_workflows::call::CommandId;
use warmline_workflows::caller_ids::Availability;
use warmline_workflows::rules::{self, Reason};
use warmline_workflows::{TenantId, campaign};

use crate::outbox::{Claimed, claimed, index, version};
use crate::standing::Standing;
use crate::{Engine, Error, budget, caller_ids, crash};

/// What came of the attempt to claim a placement.
#[derive(Debug, Clone)]
pub enum Claim {
    /// It is ours: send the request now, once.
    Send(Claimed),
    /// A rule forbids it: report that, and it is settled. Nobody else may claim it for as long as the
    /// lease would last, so that what one worker withholds is not sent by another.
    Withhold {
        /// The placement.
        claimed: Claimed,
        /// The rule.
        reason: Reason,
    },
    /// Too many placements of this organisation are in doubt; the carrier seems to be in trouble. It was
    /// put off by a few seconds.
    Blocked,
    /// Somebody else sends it, it is done, or it is not due yet.
    NotOurs,
}

/// Placements in doubt at one time, per organisation, before no more are sent.
const DOUBTS_MAX: i64 = 5;
/// How long a placement is put off while there are too many doubts.
const BLOCKED_PAUSE: Duration = Duration::from_secs(5);

impl Engine {
    /// Claims a placement at business time `now`. The lease must outlast the request by far: when it
    /// ends without a result, the placement is taken to be in doubt.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn claim_placement(
        &self,
        tenant: TenantId,
        id: CommandId,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Claim, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"select o.body::text as "body!", c.plan::text as "plan!", c.person, c.state as call_state,
                      t.enabled, m.status as campaign_status,
                      t.allowed_countries is not null and not coalesce(l.country = any (t.allowed_countries), false)
                          as "country_denied!",
                      exists (select 1 from dnc_list d where d.tenant_id = c.tenant_id and d.phone_key = c.phone_key)
                          as "do_not_call!",
                      (select count(*) from outbox d where d.tenant_id = c.tenant_id and d.state = 'in_doubt')
                          as "doubts!",
                      coalesce(n.listed, false)
                          or not exists (select 1 from caller_ids a where a.tenant_id = c.tenant_id)
                          as "caller_id_usable!",
                      (c.opened_at at time zone t.time_zone)::date
                          <> ($5::timestamptz at time zone t.time_zone)::date as "another_day!"
               from outbox o
               join calls c on c.tenant_id = o.tenant_id and c.id = o.call_id
               join tenants t on t.id = c.tenant_id
               join campaigns m on m.tenant_id = c.tenant_id and m.id = c.campaign_id
               join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id
               left join caller_ids n on n.tenant_id = c.tenant_id and n.phone = c.plan ->> 'caller_id'
               where o.tenant_id = $1 and o.call_id = $2 and o.version = $3 and o.index = $4
                 and o.kind = 'place_leg' and o.state = 'pending' and o.ready_at <= now()
               for update of o"#,
            tenant.0,
            id.call.0,
            version(id),
            index(id),
            now.to_sqlx(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(Claim::NotOurs) };
        let claimed = claimed(&keys, (tenant, id), &row.body, (&row.plan, row.person.as_deref()))?;
        if matches!(claimed.command.leg(), Some(warmline_workflows::Leg::Lead)) {
            if row.doubts >= DOUBTS_MAX {
                put_off(transaction, tenant, id, BLOCKED_PAUSE).await?;
                return Ok(Claim::Blocked);
            }
            let standing = Standing {
                tenant_enabled: row.enabled,
                country_denied: row.country_denied,
                // Asked last, below: money is set aside for a call that nothing else forbids.
                spend_capped: false,
                caller_ids: match row.caller_id_usable {
                    true => Availability::Available,
                    false => Availability::Unusable,
                },
                campaign: row.campaign_status.parse().unwrap_or(campaign::Status::Stopped),
                do_not_call: row.do_not_call,
            };
            // It may have been ended from our side before it was dialed.
            let unwanted = (row.call_state != "queued").then_some(Reason::CallEnded);
            let mut denial = standing.denial(&claimed.plan, rules::may_dial, now).or(unwanted);
            if denial.is_none()
                && row.another_day
                && !caller_ids::count_again(&mut transaction, tenant, &claimed.plan.caller_id, now).await?
            {
                denial = Some(Reason::CallerIdsCapped);
            }
            if denial.is_none() && !budget::reserve(&mut transaction, tenant, &self.rates).await? {
                denial = Some(Reason::SpendCapReached);
            }
            if let Some(reason) = denial {
                put_off(transaction, tenant, id, lease).await?;
                return Ok(Claim::Withhold { claimed, reason });
            }
        }
        sqlx::query!(
            "update outbox
             set state = 'sent', sent_at = now(), fence = fence + 1, crash_count = crash_count + 1,
                 lease_until = now() + make_interval(secs => $5), due_at = now() + make_interval(secs => $5)
             where tenant_id = $1 and call_id = $2 and version = $3 and index = $4",
            tenant.0,
            id.call.0,
            version(id),
            index(id),
            lease.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        crash::point("placement: before the claim is committed");
        transaction.commit().await?;
        crash::point("placement: after the claim is committed");
        Ok(Claim::Send(claimed))
    }
}

/// Keeps a placement that is locked, and stays pending, from being claimed for a while.
async fn put_off(
    mut transaction: Transaction<'_, Postgres>,
    tenant: TenantId,
    id: CommandId,
    pause: Duration,
) -> Result<(), Error> {
    sqlx::query!(
        "update outbox
         set ready_at = now() + make_interval(secs => $5), due_at = now() + make_interval(secs => $5)
         where tenant_id = $1 and call_id = $2 and version = $3 and index = $4",
        tenant.0,
        id.call.0,
        version(id),
        index(id),
        pause.as_secs_f64(),
    )
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}
