//! Uploads: a file arrives in chunks, and becomes an import that a worker will take.

use std::time::Duration;

use uuid::Uuid;
use warmline_workflows::{CampaignId, ImportId, TenantId};

use super::{Options, stored};
use crate::vault::Place;
use crate::{Engine, Error};

/// What is settled about an import when its file has arrived.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// The campaign that its leads are for.
    pub campaign: CampaignId,
    /// How it is to be read.
    pub options: Options,
    /// The name of its file.
    pub file_name: String,
    /// The length of its file.
    pub bytes: u64,
    /// How many chunks it is in.
    pub chunks: u32,
    /// What was found in the file, in the words of the importer.
    pub found: serde_json::Value,
}

/// What came of the wish to begin an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It is begun.
    New(ImportId),
    /// It was begun before, under the same key.
    Before(ImportId),
}

impl Engine {
    /// Begins an upload. With a `request_key` one that was begun under the same key is not begun again.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn begin_upload(
        &self,
        tenant: TenantId,
        request_key: Option<&[u8; 32]>,
    ) -> Result<Begun, Error> {
        let id = ImportId(Uuid::now_v7());
        let key = request_key.map(<[u8; 32]>::as_slice);
        let mut transaction = self.database.tenant(tenant).await?;
        let begun = sqlx::query!(
            "insert into imports (tenant_id, id, request_key) values ($1, $2, $3)
             on conflict (tenant_id, request_key) do nothing",
            tenant.0,
            id.0,
            key,
        )
        .execute(&mut *transaction)
        .await?;
        if begun.rows_affected() > 0 {
            transaction.commit().await?;
            return Ok(Begun::New(id));
        }
        let earlier = sqlx::query_scalar!(
            "select id from imports where tenant_id = $1 and request_key = $2",
            tenant.0,
            key
        )
        .fetch_optional(&mut *transaction)
        .await?;
        earlier.map(|id| Begun::Before(ImportId(id))).ok_or_else(given_up)
    }

    /// Stores a chunk of the file, by its place from 0.
    ///
    /// # Errors
    /// [`Error::Refused`] when the upload was given up meanwhile; or when the database does not do it.
    pub async fn add_chunk(
        &self,
        tenant: TenantId,
        import: ImportId,
        place: u32,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let keys = self.database.keys(tenant).await?;
        let sealed = keys.seal_bytes(Place::chunk(import), bytes)?;
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "insert into import_chunks (tenant_id, import_id, place, bytes)
             select $1, id, $3, $4 from imports where tenant_id = $1 and id = $2 and status = 'uploading'",
            tenant.0,
            import.0,
            i32::try_from(place).unwrap_or(i32::MAX),
            sealed,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if done.rows_affected() == 0 { Err(given_up()) } else { Ok(()) }
    }

    /// Ends an upload: from now on the import is waiting for a worker.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such campaign; [`Error::Refused`] when the upload was given up
    /// meanwhile; or when the database does not do it.
    pub async fn end_upload(
        &self,
        tenant: TenantId,
        import: ImportId,
        uploaded: &Uploaded,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let campaign = sqlx::query_scalar!(
            "select id from campaigns where tenant_id = $1 and id = $2",
            tenant.0,
            uploaded.campaign.0
        );
        if campaign.fetch_optional(&mut *transaction).await?.is_none() {
            return Err(Error::NotFound("campaign"));
        }
        let done = sqlx::query!(
            "update imports
             set status = 'queued', campaign_id = $3, options = $4, file_name = left($5, 255), bytes = $6,
                 chunks = $7, found = $8, due_at = now()
             where tenant_id = $1 and id = $2 and status = 'uploading'",
            tenant.0,
            import.0,
            uploaded.campaign.0,
            serde_json::to_value(&uploaded.options).map_err(Error::unreadable("import options"))?,
            uploaded.file_name,
            stored(uploaded.bytes),
            i32::try_from(uploaded.chunks).unwrap_or(i32::MAX),
            uploaded.found,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if done.rows_affected() == 0 { Err(given_up()) } else { Ok(()) }
    }

    /// Forgets an upload that did not come to its end, with what has arrived of it.
    ///
    /// # Errors
    /// When the database does not do it; the nightly duty forgets it then.
    pub async fn drop_upload(&self, tenant: TenantId, import: ImportId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "delete from imports where tenant_id = $1 and id = $2 and status = 'uploading'",
            tenant.0,
            import.0
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets the uploads of all organisations that began longer ago than `age` and did not end. Returns how
    /// many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_uploads(&self, age: Duration) -> Result<u64, Error> {
        let done = sqlx::query!(
            "delete from imports
             where status = 'uploading' and created_at < now() - make_interval(secs => $1)",
            age.as_secs_f64(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }

    /// Forgets the rows that were kept of imports of all organisations that were over longer ago than `kept`:
    /// they are personal data, and nobody mends a list that long. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_import_rows(&self, kept: Duration) -> Result<u64, Error> {
        let done = sqlx::query!(
            "delete from import_rows r using imports i
             where i.tenant_id = r.tenant_id and i.id = r.import_id
               and i.finished_at < now() - make_interval(secs => $1)",
            kept.as_secs_f64(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}

fn given_up() -> Error {
    Error::Refused("the upload was given up; begin it anew".to_owned())
}
