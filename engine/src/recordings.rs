//! Recordings: what the carrier recorded of a call, and where it is kept.
//!
//! The command `fetch_recording` carries one over; it stays in the outbox until that is done. What is to be
//! deleted is marked here, and a duty sees to it until it is gone from the store and from the carrier.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use warmline_workflows::recording::Status;
use warmline_workflows::{CallId, CarrierId, TenantId};

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

/// A recording as it is known here.
#[derive(Debug, Clone)]
pub struct Known {
    /// The carrier's name for it.
    pub recording_sid: String,
    /// What has become of it.
    pub status: Status,
    /// Length in seconds.
    pub duration_s: i32,
    /// Its name in the store, once it is there.
    pub object: Option<String>,
    /// Its size in bytes, once it is in the store.
    pub bytes: Option<i64>,
    /// The SHA-256 of its bytes, once it is in the store.
    pub sha256: Option<Vec<u8>>,
    /// When the conversation's recording was complete: business time.
    pub completed_at: Timestamp,
    /// When it came into the store: machine time.
    pub stored_at: Option<Timestamp>,
    /// Whether the carrier still has it.
    pub at_carrier: bool,
    /// Why it is not yet where it should be, or still where it should not.
    pub last_error: Option<String>,
    /// Seconds of machine time since it was first heard of.
    pub age_s: f64,
}

/// What came into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name in the store.
    pub object: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// A recording that is to be deleted wherever it is.
#[derive(Debug, Clone)]
pub struct Removal {
    /// Which.
    pub recording: Recording,
    /// When the conversation's recording was complete: business time.
    pub completed_at: Timestamp,
    /// The organisation's own carrier account that its call was on; none for the installation's.
    pub carrier: Option<CarrierId>,
    /// Its name in the store, if it is there.
    pub object: Option<String>,
    /// Whether the carrier still has it.
    pub at_carrier: bool,
}

struct Row {
    recording_sid: String,
    status: String,
    duration_s: i32,
    object: Option<String>,
    bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
    completed_at: jiff_sqlx::Timestamp,
    stored_at: Option<jiff_sqlx::Timestamp>,
    at_carrier: bool,
    last_error: Option<String>,
    age_s: f64,
}

impl From<Row> for Known {
    fn from(row: Row) -> Self {
        Self {
            recording_sid: row.recording_sid,
            status: row.status.parse().unwrap_or(Status::AtCarrier),
            duration_s: row.duration_s,
            object: row.object,
            bytes: row.bytes,
            sha256: row.sha256,
            completed_at: row.completed_at.to_jiff(),
            stored_at: row.stored_at.map(jiff_sqlx::Timestamp::to_jiff),
            at_carrier: row.at_carrier,
            last_error: row.last_error,
            age_s: row.age_s,
        }
    }
}

impl Engine {
    /// Notes that a recording exists, and tells what is known of it; told a second time, it is as it was.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn note_recording(&self, recording: &Recording, now: Timestamp) -> Result<Known, Error> {
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
        // The carrier need not be asked for it any more.
        sqlx::query!(
            "delete from inquiries where tenant_id = $1 and call_id = $2 and about = 'recording'",
            recording.tenant.0,
            recording.call.0,
        )
        .execute(&mut *transaction)
        .await?;
        // An erased lead's calls are heard no more, however late the carrier is with their recordings.
        sqlx::query!(
            "update recordings r set status = 'to_erase'
             from calls c
             where c.tenant_id = r.tenant_id and c.id = r.call_id and c.person is null
               and r.tenant_id = $1 and r.call_id = $2 and r.recording_sid = $3 and r.status = 'at_carrier'",
            recording.tenant.0,
            recording.call.0,
            recording.recording_sid,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let known = self.recordings(recording.tenant, recording.call).await?;
        let known = known.into_iter().find(|known| known.recording_sid == recording.recording_sid);
        known.ok_or(Error::NotFound("recording"))
    }

    /// The recordings of a call, in their order.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn recordings(&self, tenant: TenantId, call: CallId) -> Result<Vec<Known>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select recording_sid, status, duration_s, object, bytes, sha256, completed_at, stored_at, at_carrier,
                      last_error, extract(epoch from now() - noted_at)::float8 as "age_s!"
               from recordings where tenant_id = $1 and call_id = $2 order by completed_at, recording_sid"#,
            tenant.0,
            call.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(Known::from).collect())
    }

    /// Notes that a recording is in the store. False when it is to be deleted by now, and must not stay there.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn recording_stored(&self, recording: &Recording, stored: &Stored) -> Result<bool, Error> {
        let mut transaction = self.database.tenant(recording.tenant).await?;
        let done = sqlx::query!(
            "update recordings
             set status = 'stored', object = $4, bytes = $5, sha256 = $6, stored_at = coalesce(stored_at, now()),
                 last_error = null
             where tenant_id = $1 and call_id = $2 and recording_sid = $3
               and status in ('at_carrier', 'missing', 'stored')",
            recording.tenant.0,
            recording.call.0,
            recording.recording_sid,
            stored.object,
            i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            stored.sha256.as_slice(),
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes that the carrier does not have a recording any more.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn recording_left_carrier(&self, recording: &Recording) -> Result<(), Error> {
        let mut transaction = self.database.tenant(recording.tenant).await?;
        sqlx::query!(
            "update recordings
             set at_carrier = false, last_error = null,
                 status = case when status = 'at_carrier' then 'missing' else status end
             where tenant_id = $1 and call_id = $2 and recording_sid = $3",
            recording.tenant.0,
            recording.call.0,
            recording.recording_sid,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Notes why a recording is not yet where it should be, for people to see.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn recording_delayed(&self, recording: &Recording, why: &str) -> Result<(), Error> {
        let mut transaction = self.database.tenant(recording.tenant).await?;
        sqlx::query!(
            "update recordings set last_error = $4
             where tenant_id = $1 and call_id = $2 and recording_sid = $3",
            recording.tenant.0,
            recording.call.0,
            recording.recording_sid,
            why,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Has the recordings of a call deleted, wherever they are.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn erase_recordings(&self, tenant: TenantId, call: CallId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update recordings set status = 'to_erase'
             where tenant_id = $1 and call_id = $2 and status <> 'erased'",
            tenant.0,
            call.0,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Marks recordings that their organisations do not want to keep any longer. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn outdate_recordings(&self) -> Result<u64, Error> {
        let done = sqlx::query!(
            "update recordings r set status = 'to_erase'
             from tenants t
             where t.id = r.tenant_id and t.recording_days is not null and r.status = 'stored'
               and r.stored_at < now() - make_interval(days => t.recording_days)",
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }

    /// Recordings that are to be deleted, of all organisations, the oldest first.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn recordings_to_remove(&self, limit: i64) -> Result<Vec<Removal>, Error> {
        let rows = sqlx::query!(
            r#"select r.tenant_id, r.call_id, r.recording_sid, r.duration_s, r.completed_at, r.at_carrier, r.object,
                      c.plan ->> 'carrier' as carrier
               from recordings r
               join calls c on c.tenant_id = r.tenant_id and c.id = r.call_id
               where r.status = 'to_erase' order by r.noted_at limit $1"#,
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        rows.into_iter()
            .map(|row| {
                let carrier = row.carrier.map(|id| id.parse()).transpose().map_err(|_| {
                    Error::Unreadable { what: "plan", why: "its carrier account is none".to_owned() }
                })?;
                Ok(Removal {
                    recording: Recording {
                        tenant: TenantId(row.tenant_id),
                        call: CallId(row.call_id),
                        recording_sid: row.recording_sid,
                        duration_s: u32::try_from(row.duration_s).unwrap_or(0),
                    },
                    completed_at: row.completed_at.to_jiff(),
                    carrier,
                    object: row.object,
                    at_carrier: row.at_carrier,
                })
            })
            .collect()
    }

    /// Notes that a recording is nowhere any more.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn recording_erased(&self, recording: &Recording) -> Result<(), Error> {
        let mut transaction = self.database.tenant(recording.tenant).await?;
        sqlx::query!(
            "update recordings
             set status = 'erased', object = null, at_carrier = false, last_error = null
             where tenant_id = $1 and call_id = $2 and recording_sid = $3 and status = 'to_erase'",
            recording.tenant.0,
            recording.call.0,
            recording.recording_sid,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}
