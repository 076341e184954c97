//! Audio files: what an organisation's calls may play instead of speaking a text.
//!
//! The bytes are in the store, under a name that follows from the id. A row comes before them and goes after them,
//! so that nothing lies in the store that no row knows of: what is left half done, a duty takes away.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::audio::{Format, Sound};
use warmline_workflows::call::Conduct;
use warmline_workflows::{AudioId, TenantId};

use crate::recordings::Stored;
use crate::{Engine, Error};

/// An audio file that is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioFile {
    /// Its identity.
    pub id: AudioId,
    /// What people call it.
    pub name: String,
    /// How it is made.
    pub format: Format,
    /// Its size.
    pub bytes: u64,
    /// How long it lasts.
    pub duration_ms: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Who brought it: a person or a key.
    pub created_by: String,
    /// When it came: machine time.
    pub created_at: Timestamp,
}

struct Row {
    id: Uuid,
    name: String,
    format: String,
    bytes: i64,
    duration_ms: i64,
    sha256: Vec<u8>,
    created_by: String,
    created_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn into_file(self) -> Result<AudioFile, Error> {
        Ok(AudioFile {
            id: AudioId(self.id),
            name: self.name,
            format: self.format.parse().map_err(Error::unreadable("audio file"))?,
            bytes: u64::try_from(self.bytes).unwrap_or(0),
            duration_ms: u64::try_from(self.duration_ms).unwrap_or(0),
            sha256: self.sha256,
            created_by: self.created_by,
            created_at: self.created_at.to_jiff(),
        })
    }
}

/// Audio files of one organisation: enough for every campaign to have its own, and few enough for one list.
pub const FILES_MAX: i64 = 500;

impl Engine {
    /// Makes room for an audio file that is about to arrive.
    ///
    /// # Errors
    /// [`Error::Refused`] when the organisation has as many as it may.
    pub async fn begin_audio(
        &self,
        tenant: TenantId,
        id: AudioId,
        (name, by): (&str, &str),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        // So that two at once do not both find the last place.
        sqlx::query!("select id from tenants where id = $1 for no key update", tenant.0)
            .fetch_one(&mut *transaction)
            .await?;
        let files = sqlx::query_scalar!(
            r#"select count(*) as "files!" from audio_files where tenant_id = $1 and status <> 'to_erase'"#,
            tenant.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if files >= FILES_MAX {
            return Err(Error::Refused(format!(
                "an organisation may have {FILES_MAX} audio files, and this one has them: delete one first"
            )));
        }
        sqlx::query!(
            "insert into audio_files (tenant_id, id, name, created_by) values ($1, $2, $3, $4)",
            tenant.0,
            id.0,
            name,
            by,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that an audio file is in the store, under the name that it is to have.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it took so long that it was given up.
    pub async fn audio_stored(
        &self,
        tenant: TenantId,
        (id, name): (AudioId, &str),
        (stored, sound): (&Stored, Sound),
    ) -> Result<AudioFile, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update audio_files
             set status = 'stored', name = $3, format = $4, bytes = $5, duration_ms = $6, sha256 = $7
             where tenant_id = $1 and id = $2 and status = 'arriving'",
            tenant.0,
            id.0,
            name,
            sound.format.as_str(),
            i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            i64::try_from(sound.duration_ms).unwrap_or(i64::MAX),
            stored.sha256.as_slice(),
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.audio_file(tenant, id).await
    }

    /// An audio file.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn audio_file(&self, tenant: TenantId, id: AudioId) -> Result<AudioFile, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query_as!(
            Row,
            r#"select id, name, format as "format!", bytes as "bytes!", duration_ms as "duration_ms!",
                      sha256 as "sha256!", created_by, created_at
               from audio_files where tenant_id = $1 and id = $2 and status = 'stored'"#,
            tenant.0,
            id.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        row.ok_or(Error::NotFound("audio file"))?.into_file()
    }

    /// The audio files of an organisation, the newest first.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn audio_files(
        &self,
        tenant: TenantId,
        after: Option<AudioId>,
        limit: i64,
    ) -> Result<Vec<AudioFile>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select id, name, format as "format!", bytes as "bytes!", duration_ms as "duration_ms!",
                      sha256 as "sha256!", created_by, created_at
               from audio_files
               where tenant_id = $1 and status = 'stored' and ($2::uuid is null or id < $2)
               order by id desc limit $3"#,
            tenant.0,
            after.map(|id| id.0),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter().map(Row::into_file).collect()
    }

    /// Has an audio file deleted: nothing can play it from now on, and a duty sees to its bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while a campaign that may still call plays it, or a call that is
    /// under way may.
    pub async fn remove_audio(&self, tenant: TenantId, id: AudioId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query_scalar!(
            "update audio_files set status = 'to_erase'
             where tenant_id = $1 and id = $2 and status = 'stored' returning id",
            tenant.0,
            id.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("audio file"))?;
        let campaign = sqlx::query_scalar!(
            "select name from campaigns
             where tenant_id = $1 and status <> 'stopped'
               and $2 in (conduct ->> 'opening_audio_id', conduct ->> 'apology_audio_id',
                          conduct ->> 'recording_notice_audio_id', conduct #>> '{on_machine,audio_id}')
             limit 1",
            tenant.0,
            id.to_string(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(campaign) = campaign {
            return Err(Error::Refused(format!(
                "the campaign \"{campaign}\" plays this file: let it play another, or stop it, first"
            )));
        }
        let is_awaited = sqlx::query_scalar!(
            r#"select exists (
                   select 1 from calls
                   where tenant_id = $1 and open
                     and $2 in (plan #>> '{conduct,opening_audio_id}', plan #>> '{conduct,apology_audio_id}',
                                plan #>> '{conduct,recording_notice_audio_id}',
                                plan #>> '{conduct,on_machine,audio_id}')
               ) as "is_awaited!""#,
            tenant.0,
            id.to_string(),
        )
        .fetch_one(&mut *transaction)
        .await?;
        if is_awaited {
            let why = "a call that is under way may still play this file: try again when it is over";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(transaction.commit().await?)
    }

    /// Gives up an audio file that did not arrive.
    ///
    /// # Errors
    /// When the database does not do it; a duty finds it by its age then.
    pub async fn drop_audio(&self, tenant: TenantId, id: AudioId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update audio_files set status = 'to_erase'
             where tenant_id = $1 and id = $2 and status = 'arriving'",
            tenant.0,
            id.0,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Audio files of all organisations that are to be deleted from the store: those that somebody deleted, and those
    /// that have been arriving for hours.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn audio_to_erase(&self, limit: i64) -> Result<Vec<(TenantId, AudioId)>, Error> {
        let rows = sqlx::query!(
            "update audio_files set status = 'to_erase'
             where (tenant_id, id) in (
                 select tenant_id, id from audio_files
                 where status = 'to_erase' or (status = 'arriving' and created_at < now() - interval '6 hours')
                 order by created_at limit $1
             ) and status <> 'stored'
             returning tenant_id, id",
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), AudioId(row.id))).collect())
    }

    /// Notes that the store does not have an audio file any more.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn audio_erased(&self, tenant: TenantId, id: AudioId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "delete from audio_files where tenant_id = $1 and id = $2 and status = 'to_erase'",
            tenant.0,
            id.0,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}

/// Makes sure that an organisation has the audio files that its calls are to play. Holds them until the
/// transaction ends.
pub(crate) async fn check(
    connection: &mut PgConnection,
    tenant: TenantId,
    conduct: &Conduct,
) -> Result<(), Error> {
    for (field, audio) in conduct.audio() {
        let found = sqlx::query_scalar!(
            "select id from audio_files where tenant_id = $1 and id = $2 and status = 'stored' for share",
            tenant.0,
            audio.0,
        )
        .fetch_optional(&mut *connection)
        .await?;
        if found.is_none() {
            return Err(Error::Missing { field, what: "audio file" });
        }
    }
    Ok(())
}
