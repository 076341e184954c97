//! Recordings: what the carrier recorded of a call.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use warmline_workflows::{CallId, TenantId};

use crate::{Engine, Error};

/// A recording that is complete at the carrier.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The organisation.
    pub tenant: TenantId,
    /// The call.
    pub call: CallId,
    /// The carrier's name for it.
    pub recording_sid: String,
    /// Length in seconds.
    pub duration_s: u32,
}

impl Engine {
    /// Stores that a recording exists; a second time changes nothing.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn store_recording(&self, recording: &Recording, now: Timestamp) -> Result<(), Error> {
        let mut transaction = self.database.tenant(recording.tenant).await?;
        sqlx::query!(
            "insert into recordings (tenant_id, call_id, recording_sid, duration_s, completed_at)
             values ($1, $2, $3, $4, $5)
             on conflict do nothing",
            recording.tenant.0,
            recording.call.0,
            recording.recording_sid,
            i32::try_from(recording.duration_s).unwrap_or(i32::MAX),
            now.to_sqlx(),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}
