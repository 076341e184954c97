//! Runs: a worker claims an import, keeps it by its heartbeat, and ends it.
//!
//! Whoever claims an import gets a higher fence than everybody before. What a worker writes it writes under
//! its fence, so one that was taken for dead and wakes up again changes nothing.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;
use warmline_workflows::feed::{self as feed_words, Notice};
use warmline_workflows::import::Status;
use warmline_workflows::{ImportId, TenantId};

use super::{Counts, Import, StoredCounts};
use crate::vault::Place;
use crate::{Engine, Error, feed};

/// An import that is the caller's until its lease ends.
#[derive(Debug, Clone)]
pub struct Held {
    /// The organisation.
    pub tenant: TenantId,
    /// The import as it was claimed.
    pub import: Import,
    pub(super) fence: i32,
}

impl Held {
    /// What the feed says of it; nothing before its campaign is known.
    pub(super) fn told(&self, status: Status, counts: Counts) -> Option<feed_words::Import> {
        let Counts { rows, valid, invalid, duplicates, do_not_call } = counts;
        Some(feed_words::Import {
            import_id: self.import.id,
            campaign_id: self.import.campaign?,
            status: status.as_str(),
            rows,
            valid,
            invalid,
            duplicate: duplicates,
            dnc: do_not_call,
        })
    }
}

/// How long an import is its worker's without a sign of life. A few heartbeats long; whoever waits for the
/// import of a dead worker waits so long.
pub const LEASE: Duration = Duration::from_secs(20);

/// An import is given up when its workers died so often without having stored a batch.
const CRASHES_MAX: i16 = 5;

impl Engine {
    /// Claims an import that waits for a worker, or whose worker is gone; none when there is nothing to do.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn claim_import(&self, tenant: TenantId, import: ImportId) -> Result<Option<Held>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            "update imports
             set status = case when crash_count >= $4 then 'failed'
                               when status = 'queued' then 'running' else status end,
                 error = case when crash_count >= $4 then coalesce(error, 'its workers kept dying') end,
                 finished_at = case when crash_count >= $4 then now() else finished_at end,
                 crash_count = crash_count + 1, fence = fence + 1, started_at = coalesce(started_at, now()),
                 lease_until = now() + make_interval(secs => $3),
                 due_at = case when crash_count < $4 then now() + make_interval(secs => $3) end
             where tenant_id = $1 and id = $2 and status in ('queued', 'running', 'undoing')
               and (lease_until is null or lease_until < now())
             returning fence, status",
            tenant.0,
            import.0,
            LEASE.as_secs_f64(),
            CRASHES_MAX,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let is_given_up = row.as_ref().is_some_and(|row| row.status == Status::Failed.as_str());
        if is_given_up {
            clear(&mut transaction, tenant, import).await?;
        }
        transaction.commit().await?;
        let Some(row) = row else { return Ok(None) };
        if is_given_up {
            tracing::error!(import.id = %import, "import given up: its workers kept dying");
            return Ok(None);
        }
        let import = self.import(tenant, import).await?;
        Ok(Some(Held { tenant, import, fence: row.fence }))
    }

    /// A sign of life: the import is the caller's for another lease. False when it is not any more.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn renew_import(&self, held: &Held) -> Result<bool, Error> {
        let mut transaction = self.database.tenant(held.tenant).await?;
        let done = sqlx::query!(
            "update imports
             set lease_until = now() + make_interval(secs => $4), due_at = now() + make_interval(secs => $4)
             where tenant_id = $1 and id = $2 and fence = $3 and status in ('running', 'undoing')",
            held.tenant.0,
            held.import.id.0,
            held.fence,
            LEASE.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives an import back, to be taken again no sooner than after `pause`.
    ///
    /// # Errors
    /// When the database does not do it; then its lease has to run out.
    pub async fn put_back_import(&self, held: &Held, pause: Duration, why: &str) -> Result<(), Error> {
        let mut transaction = self.database.tenant(held.tenant).await?;
        sqlx::query!(
            "update imports
             set lease_until = null, due_at = now() + make_interval(secs => $4), error = $5
             where tenant_id = $1 and id = $2 and fence = $3 and status in ('running', 'undoing')",
            held.tenant.0,
            held.import.id.0,
            held.fence,
            pause.as_secs_f64(),
            why,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Ends an import: finished, or failed for a reason, which the feed tells. Its file and what a dry run has remembered go away.
    /// False when it is not the caller's any more.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn end_import(
        &self,
        held: &Held,
        ended: Result<(), &str>,
        position: Option<serde_json::Value>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let status = if ended.is_ok() { Status::Finished } else { Status::Failed };
        let mut transaction = self.database.tenant(held.tenant).await?;
        let done = sqlx::query_as!(
            StoredCounts,
            "update imports
             set status = $4, error = $5, position = coalesce($6, position), due_at = null, lease_until = null,
                 finished_at = now()
             where tenant_id = $1 and id = $2 and fence = $3 and status = 'running'
             returning rows, valid, invalid, duplicates, do_not_call",
            held.tenant.0,
            held.import.id.0,
            held.fence,
            status.as_str(),
            ended.err(),
            position,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(counts) = done else { return Ok(false) };
        if let Some(end) = held.told(status, counts.into()) {
            feed::record(&mut transaction, held.tenant, &[Notice::ImportFinished(end)], now).await?;
        }
        clear(&mut transaction, held.tenant, held.import.id).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A chunk of the file of an import, if it is there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn import_chunk(
        &self,
        tenant: TenantId,
        import: ImportId,
        place: u32,
    ) -> Result<Option<Vec<u8>>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let sealed = sqlx::query_scalar!(
            "select bytes from import_chunks where tenant_id = $1 and import_id = $2 and place = $3",
            tenant.0,
            import.0,
            i32::try_from(place).unwrap_or(i32::MAX),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        sealed.map(|sealed| Ok(keys.open_bytes(Place::chunk(import), &sealed)?.into_owned())).transpose()
    }

    /// The imports of all organisations that a worker is to be told of. Each is named again after
    /// `again_after` at the earliest.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn imports_due(
        &self,
        limit: i64,
        again_after: Duration,
    ) -> Result<Vec<(TenantId, ImportId)>, Error> {
        let rows = sqlx::query!(
            r#"with due as (
                   select tenant_id, id from imports
                   where due_at <= now()
                   order by due_at
                   limit $1
                   for update skip locked
               )
               update imports i
               set due_at = now() + make_interval(secs => $2)
               from due d
               where i.tenant_id = d.tenant_id and i.id = d.id
               returning i.tenant_id as "tenant_id: Uuid", i.id as "id: Uuid""#,
            limit,
            again_after.as_secs_f64(),
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), ImportId(row.id))).collect())
    }
}

/// Deletes what is of no use once an import is over.
pub(super) async fn clear(
    connection: &mut sqlx::PgConnection,
    tenant: TenantId,
    import: ImportId,
) -> Result<(), Error> {
    sqlx::query!("delete from import_chunks where tenant_id = $1 and import_id = $2", tenant.0, import.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from import_numbers where tenant_id = $1 and import_id = $2", tenant.0, import.0)
        .execute(&mut *connection)
        .await?;
    Ok(())
}
