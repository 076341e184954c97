//! The do-not-call list of an organisation.

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::TenantId;
use warmline_workflows::call::HangUpReason;
use warmline_workflows::feed::Notice;

use crate::vault::{PhoneKey, Place};
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
        let keys = self.database.keys(tenant).await?;
        let phone_key = keys.phone(phone);
        let sealed = keys.seal(Place::listed(phone_key), &phone)?;
        let mut transaction = self.database.tenant(tenant).await?;
        let listed = sqlx::query!(
            "insert into dnc_list (tenant_id, phone_key, phone, reason) values ($1, $2, $3, $4)
             on conflict do nothing",
            tenant.0,
            phone_key.0.as_slice(),
            sealed,
            reason,
        )
        .execute(&mut *transaction)
        .await?;
        close_leads(&mut transaction, tenant, phone_key).await?;
        if listed.rows_affected() > 0 {
            feed::record(&mut transaction, tenant, &[Notice::DncListed { numbers: 1 }], now).await?;
        }
        transaction.commit().await?;
        self.end_calls_to(tenant, phone_key, now).await
    }

    /// Ends the calls to a number that are no conversation yet. To be asked for once the number is on the list:
    /// a call that was opened before that is among them.
    pub(crate) async fn end_calls_to(
        &self,
        tenant: TenantId,
        phone: PhoneKey,
        now: jiff::Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let open: Vec<Uuid> = sqlx::query_scalar!(
            "select id from calls where tenant_id = $1 and phone_key = $2 and open and state <> 'bridged'",
            tenant.0,
            phone.0.as_slice(),
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        self.end_calls((tenant, &open), HangUpReason::DoNotCall, now).await
    }
}

/// Closes the leads with a number that wait for a call.
pub(crate) async fn close_leads(
    connection: &mut PgConnection,
    tenant: TenantId,
    phone: PhoneKey,
) -> Result<(), Error> {
    sqlx::query!(
        "update leads set status = 'do_not_call', due_at = null, waiting_for = null
         where tenant_id = $1 and phone_key = $2 and status in ('new', 'waiting')",
        tenant.0,
        phone.0.as_slice(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
