//! The do-not-call list of an organisation.

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::TenantId;
use warmline_workflows::call::HangUpReason;

use crate::{Engine, Error};

impl Engine {
    /// Puts one number on the list, as [`Engine::list_numbers`] does with many.
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
        self.list_numbers(tenant, &[phone.to_owned()], (reason, "manual"), now).await.map(drop)
    }

    /// Ends the calls to numbers that are no conversation yet. To be asked for once the numbers are on the list:
    /// a call that was opened before that is among them.
    pub(crate) async fn end_calls_to(
        &self,
        tenant: TenantId,
        phones: &[&[u8]],
        now: jiff::Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let open: Vec<Uuid> = sqlx::query_scalar!(
            "select id from calls where tenant_id = $1 and phone_key = any ($2) and open and state <> 'bridged'",
            tenant.0,
            phones as &[&[u8]],
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        self.end_calls((tenant, &open), HangUpReason::DoNotCall, now).await
    }
}

/// Closes the leads that wait for a call and have one of these numbers.
pub(crate) async fn close_leads(
    connection: &mut PgConnection,
    tenant: TenantId,
    phones: &[&[u8]],
) -> Result<(), Error> {
    sqlx::query!(
        "update leads set status = 'do_not_call', due_at = null, waiting_for = null
         where tenant_id = $1 and phone_key = any ($2) and status in ('new', 'waiting')",
        tenant.0,
        phones as &[&[u8]],
    )
    .execute(connection)
    .await?;
    Ok(())
}
