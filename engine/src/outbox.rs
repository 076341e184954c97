//! The outbox: commands that were committed and have yet to be performed.
//!
//! Two kinds of command share it. Most may be performed again when a worker dies over them: they are
//! `claimed` under a lease. A placement rings a phone and is performed at most once: it is `sent` by
//! the commit that precedes the request, and nobody sends it a second time. When its outcome is not
//! known it is `in_doubt` until there is evidence.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;
use warmline_workflows::call::{Command, CommandId, Ordinal, Plan, Queue};
use warmline_workflows::{CallId, CarrierId, Leg, TenantId};

use crate::first_id::first_id;
use crate::step::Ready;
use crate::vault::Keys;
use crate::{Engine, Error, plan};

/// A command that the caller now has to perform, and nobody else.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The organisation.
    pub tenant: TenantId,
    /// Its identity.
    pub id: CommandId,
    /// What is to be done.
    pub command: Command,
    /// The plan of the call that gave it.
    pub plan: Arc<Plan>,
}

/// A placement whose outcome is not known.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// The placement.
    pub claimed: Claimed,
    /// Seconds since it was sent.
    pub age_s: f64,
    /// How often the carrier's list was read in vain.
    pub empty_lists: i16,
}

impl Claimed {
    /// Which leg a placement is of, and the number to dial; none for other commands, and for the leg of a lead
    /// who was erased.
    #[must_use]
    pub fn destination(&self) -> Option<(Leg, &str)> {
        match &self.command {
            Command::PlaceLeg { leg, to: Some(to) } => Some((*leg, to)),
            Command::PlaceLeg { leg: Leg::Lead, to: None } if !self.plan.lead_phone.is_empty() => {
                Some((Leg::Lead, &self.plan.lead_phone))
            }
            _ => None,
        }
    }
}

/// What a command waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// Where it waits.
    pub queue: Queue,
    /// The organisation's own carrier account that its call is on; none for the installation's.
    pub carrier: Option<CarrierId>,
}

/// The kind of command that is performed at most once.
const ONCE_ONLY: &str = "place_leg";

/// A command whose workers keep dying is given up after this many beginnings.
const CRASHES_MAX: i16 = 5;

impl Engine {
    /// Claims a repeatable command for `lease`; none when it is done, taken, or not yet due.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn claim(
        &self,
        tenant: TenantId,
        id: CommandId,
        lease: Duration,
    ) -> Result<Option<Claimed>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"update outbox o
               set state = case when o.crash_count >= $6 then 'dead' else 'claimed' end,
                   crash_count = o.crash_count + 1, fence = o.fence + 1,
                   lease_until = now() + make_interval(secs => $5),
                   due_at = now() + make_interval(secs => $5),
                   last_error = case when o.crash_count >= $6 then 'its workers kept dying' else o.last_error end
               from calls c
               where o.tenant_id = $1 and o.call_id = $2 and o.version = $3 and o.index = $4
                 and o.kind <> 'place_leg'
                 and (o.state = 'pending' and o.ready_at <= now() or o.state = 'claimed' and o.lease_until < now())
                 and c.tenant_id = o.tenant_id and c.id = o.call_id
               returning o.state, o.body::text as "body!", c.plan::text as "plan!", c.person"#,
            tenant.0,
            id.call.0,
            version(id),
            index(id),
            lease.as_secs_f64(),
            CRASHES_MAX,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        match row {
            Some(row) if row.state == "dead" => {
                tracing::error!(call.id = %id.call, command = %id, "command given up: its workers kept dying");
                Ok(None)
            }
            Some(row) => {
                Ok(Some(claimed(&keys, (tenant, id), &row.body, (&row.plan, row.person.as_deref()))?))
            }
            None => Ok(None),
        }
    }

    /// What a command waits for that is still to be performed; none when it is done, or somebody has it.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn pending(&self, tenant: TenantId, id: CommandId) -> Result<Option<Pending>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            "select o.queue, c.plan ->> 'carrier' as carrier
             from outbox o
             join calls c on c.tenant_id = o.tenant_id and c.id = o.call_id
             where o.tenant_id = $1 and o.call_id = $2 and o.version = $3 and o.index = $4
               and o.state = 'pending'",
            tenant.0,
            id.call.0,
            version(id),
            index(id),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let Ok(queue) = row.queue.parse() else { return Ok(None) };
        let carrier = row
            .carrier
            .map(|id| id.parse())
            .transpose()
            .map_err(|_| Error::Unreadable { what: "plan", why: "its carrier account is none".to_owned() })?;
        Ok(Some(Pending { queue, carrier }))
    }

    /// Puts a command back that is claimed or sent, to be performed again no sooner than after `pause`.
    ///
    /// Right only when it is certain that nothing was done, or when doing it twice does no harm. One that
    /// came into doubt meanwhile stays in doubt: the call has heard of it and waits for the evidence.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn put_back(
        &self,
        tenant: TenantId,
        id: CommandId,
        pause: Duration,
        why: &str,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update outbox
             set state = 'pending', crash_count = 0, sent_at = null, lease_until = null, last_error = $6,
                 ready_at = now() + make_interval(secs => $5), due_at = now() + make_interval(secs => $5)
             where tenant_id = $1 and call_id = $2 and version = $3 and index = $4
               and state in ('claimed', 'sent')",
            tenant.0,
            id.call.0,
            version(id),
            index(id),
            pause.as_secs_f64(),
            why,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Keeps a command that takes its time for another `lease`: whoever performs it is alive, and gets on.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn keep_claim(&self, tenant: TenantId, id: CommandId, lease: Duration) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update outbox
             set lease_until = now() + make_interval(secs => $5), due_at = now() + make_interval(secs => $5),
                 crash_count = 0
             where tenant_id = $1 and call_id = $2 and version = $3 and index = $4 and state = 'claimed'",
            tenant.0,
            id.call.0,
            version(id),
            index(id),
            lease.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a command off the outbox whose result no call waits for.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn settle(&self, tenant: TenantId, id: CommandId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "delete from outbox where tenant_id = $1 and call_id = $2 and version = $3 and index = $4",
            tenant.0,
            id.call.0,
            version(id),
            index(id),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that a sent placement may or may not have been carried out. True when it was `sent`.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn doubt(&self, tenant: TenantId, id: CommandId, why: &str) -> Result<bool, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update outbox
             set state = 'in_doubt', last_error = $5, due_at = now() + interval '2 seconds'
             where tenant_id = $1 and call_id = $2 and version = $3 and index = $4 and state = 'sent'",
            tenant.0,
            id.call.0,
            version(id),
            index(id),
            why,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Hands out the commands that should have been performed by now: pushed and lost, never pushed,
    /// or claimed by a worker that is gone. Each is handed out again after `again_after` at the
    /// earliest.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn sweep(&self, limit: i64, again_after: Duration) -> Result<Vec<Ready>, Error> {
        let rows = sqlx::query!(
            "with overdue as (
                 select tenant_id, call_id, version, index
                 from outbox
                 where due_at <= now() and state in ('pending', 'claimed')
                 order by due_at
                 limit $1
                 for update skip locked
             )
             update outbox o
             set due_at = now() + make_interval(secs => $2)
             from overdue d
             where o.tenant_id = d.tenant_id and o.call_id = d.call_id and o.version = d.version
               and o.index = d.index
             returning o.tenant_id, o.call_id, o.version, o.index, o.queue, o.kind",
            limit,
            again_after.as_secs_f64(),
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let queue: Queue = row.queue.parse().ok()?;
                let command = command_id(row.call_id, row.version, row.index);
                let once_only = row.kind == ONCE_ONLY;
                Some(Ready { tenant: TenantId(row.tenant_id), command, queue, once_only })
            })
            .collect())
    }

    /// Turns placements whose worker died over them into doubts.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn expire_placements(&self, limit: i64) -> Result<Vec<Doubt>, Error> {
        let rows = sqlx::query_as!(
            DoubtRow,
            r#"with expired as (
                   select tenant_id, call_id, version, index
                   from outbox
                   where due_at <= now() and state = 'sent' and lease_until < now()
                   limit $1
                   for update skip locked
               )
               update outbox o
               set state = 'in_doubt', due_at = now(), last_error = 'the worker that sent it is gone'
               from expired e, calls c
               where o.tenant_id = e.tenant_id and o.call_id = e.call_id and o.version = e.version
                 and o.index = e.index and c.tenant_id = o.tenant_id and c.id = o.call_id
               returning o.tenant_id, o.call_id, o.version, o.index, o.body::text as "body!",
                         c.plan::text as "plan!", c.person, o.empty_lists,
                         extract(epoch from now() - o.sent_at)::float8 as "age_s!""#,
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        self.doubts(rows).await
    }

    /// The placements in doubt that are due to be looked for at the carrier.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn doubts_due(&self, limit: i64) -> Result<Vec<Doubt>, Error> {
        let rows = sqlx::query_as!(
            DoubtRow,
            r#"with due as (
                   select tenant_id, call_id, version, index
                   from outbox
                   where due_at <= now() and state = 'in_doubt'
                   order by due_at
                   limit $1
                   for update skip locked
               )
               update outbox o
               set due_at = now() + interval '20 seconds'
               from due d, calls c
               where o.tenant_id = d.tenant_id and o.call_id = d.call_id and o.version = d.version
                 and o.index = d.index and c.tenant_id = o.tenant_id and c.id = o.call_id
               returning o.tenant_id, o.call_id, o.version, o.index, o.body::text as "body!",
                         c.plan::text as "plan!", c.person, o.empty_lists,
                         extract(epoch from now() - o.sent_at)::float8 as "age_s!""#,
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        self.doubts(rows).await
    }

    async fn doubts(&self, rows: Vec<DoubtRow>) -> Result<Vec<Doubt>, Error> {
        let mut doubts = Vec::with_capacity(rows.len());
        for row in rows {
            let keys = self.database.keys(TenantId(row.tenant_id)).await?;
            doubts.push(row.into_doubt(&keys)?);
        }
        Ok(doubts)
    }

    /// One placement in doubt, wherever its next look is due.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn find_doubt(&self, tenant: TenantId, id: CommandId) -> Result<Option<Doubt>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query_as!(
            DoubtRow,
            r#"select o.tenant_id, o.call_id, o.version, o.index, o.body::text as "body!",
                      c.plan::text as "plan!", c.person, o.empty_lists,
                      extract(epoch from now() - o.sent_at)::float8 as "age_s!"
               from outbox o
               join calls c on c.tenant_id = o.tenant_id and c.id = o.call_id
               where o.tenant_id = $1 and o.call_id = $2 and o.version = $3 and o.index = $4
                 and o.state = 'in_doubt'"#,
            tenant.0,
            id.call.0,
            version(id),
            index(id),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        row.map(|row| row.into_doubt(&keys)).transpose()
    }

    /// Deletes commands that were given up longer ago than `kept`. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_dead_commands(&self, kept: Duration) -> Result<u64, Error> {
        let done = sqlx::query!(
            "delete from outbox where state = 'dead' and due_at < now() - make_interval(secs => $1)",
            kept.as_secs_f64(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }

    /// Which of the carrier's names for legs are known already as legs of a call, this one or another
    /// that may have been in progress together with it.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn bound_sids(
        &self,
        tenant: TenantId,
        call: CallId,
        sids: &[String],
    ) -> Result<Vec<String>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        Ok(sqlx::query_scalar!(
            r#"select leg ->> 'sid' as "sid!"
               from calls c, json_array_elements(c.snapshot::json -> 'memory' -> 'legs') leg
               where c.tenant_id = $1 and c.id >= $2 and leg ->> 'sid' = any ($3)"#,
            tenant.0,
            opened_no_earlier(call),
            sids,
        )
        .fetch_all(&mut *transaction)
        .await?)
    }

    /// Notes that the carrier's list was read in full and knows nothing of a placement in doubt.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn note_empty_list(
        &self,
        tenant: TenantId,
        id: CommandId,
        pause: Duration,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update outbox
             set empty_lists = empty_lists + 1, due_at = now() + make_interval(secs => $5)
             where tenant_id = $1 and call_id = $2 and version = $3 and index = $4 and state = 'in_doubt'",
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
}

#[derive(Deserialize)]
struct DoubtRow {
    tenant_id: Uuid,
    call_id: Uuid,
    version: i32,
    index: i16,
    body: String,
    plan: String,
    person: Option<Vec<u8>>,
    empty_lists: i16,
    age_s: f64,
}

impl DoubtRow {
    fn into_doubt(self, keys: &Keys) -> Result<Doubt, Error> {
        let id = command_id(self.call_id, self.version, self.index);
        let plan = (self.plan.as_str(), self.person.as_deref());
        let claimed = claimed(keys, (TenantId(self.tenant_id), id), &self.body, plan)?;
        Ok(Doubt { claimed, age_s: self.age_s, empty_lists: self.empty_lists })
    }
}

/// Puts a command together from its body and the stored plan of its call.
pub(crate) fn claimed(
    keys: &Keys,
    (tenant, id): (TenantId, CommandId),
    body: &str,
    (plan, person): (&str, Option<&[u8]>),
) -> Result<Claimed, Error> {
    Ok(Claimed {
        tenant,
        id,
        command: serde_json::from_str(body).map_err(Error::unreadable("command"))?,
        plan: Arc::new(plan::load(keys, id.call, plan, person)?),
    })
}

fn command_id(call: Uuid, version: i32, index: i16) -> CommandId {
    let ordinal =
        Ordinal { version: u32::try_from(version).unwrap_or(0), index: u16::try_from(index).unwrap_or(0) };
    CommandId { call: CallId(call), ordinal }
}

pub(crate) fn version(id: CommandId) -> i32 {
    i32::try_from(id.ordinal.version).unwrap_or(i32::MAX)
}

pub(crate) fn index(id: CommandId) -> i16 {
    i16::try_from(id.ordinal.index).unwrap_or(i16::MAX)
}

/// The least id of a call that can have a leg as young as this call: ids are ordered by time, and no
/// call lasts longer than this.
fn opened_no_earlier(call: CallId) -> Uuid {
    const CALL_LIFE_MAX_S: u64 = 6 * 3600;
    let opened_s = call.0.get_timestamp().map_or(0, |timestamp| timestamp.to_unix().0);
    let earliest_s = i64::try_from(opened_s.saturating_sub(CALL_LIFE_MAX_S)).unwrap_or(0);
    first_id(Timestamp::from_second(earliest_s).unwrap_or(Timestamp::UNIX_EPOCH))
}
