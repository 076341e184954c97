//! Tickets: each opens one live connection, once and soon.

use std::time::Duration;

use uuid::Uuid;
use warmline_workflows::{SessionId, TenantId};

use super::sessions::Digest;
use crate::{Engine, Error};

/// How long a ticket is good for.
pub const LASTS: Duration = Duration::from_secs(30);

impl Engine {
    /// Makes a ticket for whoever has this session.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn issue_ticket(
        &self,
        tenant: TenantId,
        (id, secret): (Uuid, &Digest),
        session: SessionId,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "with old as (
                 delete from live_tickets where tenant_id = $1 and expires_at < now()
             )
             insert into live_tickets (tenant_id, id, secret, session_id, expires_at)
             values ($1, $2, $3, $4, now() + make_interval(secs => $5))",
            tenant.0,
            id,
            secret,
            session.0,
            LASTS.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Uses a ticket up and says whose session it was for; none when it is not known, was used, or is over.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn use_ticket(
        &self,
        tenant: TenantId,
        (id, secret): (Uuid, &Digest),
    ) -> Result<Option<SessionId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let session = sqlx::query_scalar!(
            "delete from live_tickets where tenant_id = $1 and id = $2 and secret = $3 and expires_at > now()
             returning session_id",
            tenant.0,
            id,
            secret,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(session.map(SessionId))
    }
}
