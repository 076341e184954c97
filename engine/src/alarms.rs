//! Alarms: which calls have timers to be looked at.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use warmline_workflows::{CallId, TenantId};

use crate::{Engine, Error, Stepped};

impl Engine {
    /// The calls with an alarm at or before `now`, the longest overdue first.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn alarms_due(&self, now: Timestamp, limit: i64) -> Result<Vec<(TenantId, CallId)>, Error> {
        let rows = sqlx::query!(
            "select tenant_id, call_id from alarms where due_at <= $1 order by due_at limit $2",
            now.to_sqlx(),
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), CallId(row.call_id))).collect())
    }

    /// Fires every timer of a call that is due at `now`, and sets its alarm anew.
    ///
    /// # Errors
    /// As for a step.
    pub async fn tick(&self, tenant: TenantId, call: CallId, now: Timestamp) -> Result<Stepped, Error> {
        self.stepper.tick(tenant, call, now).await
    }
}
