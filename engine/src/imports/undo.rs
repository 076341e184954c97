//! The two ways to take an import back: cancel one that is not over, undo one that is.

use warmline_workflows::import::Status;
use warmline_workflows::{ImportId, LeadId, TenantId};

use super::run::{Held, clear};
use super::twins::forget_words;
use super::{count, stored};
use crate::vault::{Person, Place};
use crate::{Engine, Error};

/// Leads that are deleted in one transaction.
const LEADS_PER_BATCH: i64 = 5_000;

impl Engine {
    /// Ends an import that is not over. Leads that it has stored so far stay; undoing it deletes them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when it is over; or when the database does not do it.
    pub async fn cancel_import(&self, tenant: TenantId, import: ImportId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update imports
             set status = 'cancelled', due_at = null, lease_until = null, finished_at = now()
             where tenant_id = $1 and id = $2 and status in ('uploading', 'queued', 'running')",
            tenant.0,
            import.0,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            drop(transaction);
            return match self.import(tenant, import).await?.status {
                // What was asked for twice was done once.
                Status::Cancelled => Ok(()),
                status => Err(Error::Refused(format!("an import that is {status} cannot be cancelled"))),
            };
        }
        clear(&mut transaction, tenant, import).await?;
        Ok(transaction.commit().await?)
    }

    /// Asks for the leads of an import to be deleted, which a worker does. What the import has changed in
    /// other leads stays, and so do numbers that it put on the do-not-call list.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when it is not over, or one of its leads was called already; or when the database does not do it.
    pub async fn undo_import(&self, tenant: TenantId, import: ImportId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let status = sqlx::query_scalar!(
            "select status from imports where tenant_id = $1 and id = $2 for update",
            tenant.0,
            import.0
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let status = status.ok_or(Error::NotFound("import"))?;
        match status.parse::<Status>() {
            Ok(Status::Undoing | Status::Undone) => return Ok(()),
            Ok(status) if status.is_over() => {}
            _ => {
                return Err(Error::Refused(format!(
                    "an import that is {status} cannot be undone: cancel it first"
                )));
            }
        }
        let called = sqlx::query_scalar!(
            r#"select count(*) as "count!" from leads
               where tenant_id = $1 and import_id = $2 and calls_opened > 0"#,
            tenant.0,
            import.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if called > 0 {
            let leads = if called == 1 {
                "1 of its leads was".to_owned()
            } else {
                format!("{called} of its leads were")
            };
            return Err(Error::Refused(format!(
                "{leads} called already: an import can be undone only as long as nobody in it was called"
            )));
        }
        sqlx::query!(
            "update imports
             set status = 'undoing', due_at = now(), lease_until = null, crash_count = 0, finished_at = null,
                 error = null
             where tenant_id = $1 and id = $2",
            tenant.0,
            import.0,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes some leads of an import that is being undone. True when there is more to do.
    ///
    /// A lead that was called after all, between the request and now, stays; when only such are left the
    /// import is undone, and says so.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn delete_import_leads(&self, held: &Held) -> Result<bool, Error> {
        let (tenant, import) = (held.tenant, held.import.id);
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let gone = sqlx::query!(
            "with these as (
                 select id from leads
                 where tenant_id = $1 and import_id = $2 and calls_opened = 0
                 limit $3
                 for update skip locked
             )
             delete from leads l using these t where l.tenant_id = $1 and l.id = t.id
             returning l.id, l.person",
            tenant.0,
            import.0,
            LEADS_PER_BATCH,
        )
        .fetch_all(&mut *transaction)
        .await?;
        let deleted = gone.len() as u64;
        let mut words = Vec::new();
        for row in gone {
            let Some(person) = row.person else { continue };
            let person: Person = keys.open(Place::lead(LeadId(row.id)), &person)?;
            words.extend(person.words().iter().map(|word| (keys.word(word), row.id)));
        }
        forget_words(&mut transaction, tenant, words).await?;
        let left = sqlx::query!(
            r#"select count(*) filter (where calls_opened > 0) as "called!",
                      count(*) filter (where calls_opened = 0) as "open!"
               from (select calls_opened from leads where tenant_id = $1 and import_id = $2 limit 1000) l"#,
            tenant.0,
            import.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        let is_done = deleted == 0 && left.open == 0 || left.open + left.called == 0;
        let stay = (left.called > 0).then(|| {
            format!("{} of its leads were called before they could be deleted, and stay", count(left.called))
        });
        let moved = sqlx::query!(
            "update imports
             set leads_deleted = leads_deleted + $4, crash_count = 0,
                 status = case when $5 then 'undone' else status end,
                 error = case when $5 then $6 else error end,
                 finished_at = case when $5 then now() else finished_at end,
                 due_at = case when $5 then null else due_at end,
                 lease_until = case when $5 then null else lease_until end
             where tenant_id = $1 and id = $2 and fence = $3 and status = 'undoing'",
            tenant.0,
            import.0,
            held.fence,
            stored(deleted),
            is_done,
            stay,
        )
        .execute(&mut *transaction)
        .await?;
        if moved.rows_affected() == 0 {
            // Somebody else does it by now.
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(!is_done)
    }
}
