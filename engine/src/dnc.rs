//! The do-not-call list of an organisation.

use uuid::Uuid;
use warmline_workflows::TenantId;
use warmline_workflows::call::HangUpReason;
use warmline_workflows::feed::Notice;

use crate::{Engine, Error, feed};

impl Engine {
    /// Puts a number on the list. It takes effect at once: leads with the number are closed, and a
    /// call to it that is queued, ringing or waiting is ended.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn add_do_not_call(
        &self,
        tenant: TenantId,
        phone: &str,
        reason: &str,
        now: jiff::Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let listed = sqlx::query!(
            "insert into dnc_list (tenant_id, phone, reason) values ($1, $2, $3) on conflict do nothing",
            tenant.0,
            phone,
            reason,
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "update leads set status = 'do_not_call', due_at = null, waiting_for = null
             where tenant_id = $1 and phone = $2 and status in ('new', 'waiting')",
            tenant.0,
            phone,
        )
        .execute(&mut *transaction)
        .await?;
        if listed.rows_affected() > 0 {
            feed::record(&mut transaction, tenant, &[Notice::DncListed { numbers: 1 }], now).await?;
        }
        transaction.commit().await?;
        // Looked up after the commit: a call that was opened before it is among them.
        let mut transaction = self.database.tenant(tenant).await?;
        let open: Vec<Uuid> = sqlx::query_scalar!(
            "select id from calls where tenant_id = $1 and phone = $2 and open and state <> 'bridged'",
            tenant.0,
            phone,
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        self.end_calls((tenant, &open), HangUpReason::DoNotCall, now).await
    }
}
