//! Imports: files of leads, and how far each has been read.
//!
//! A file is [uploaded](upload) in chunks, [claimed](run) by a worker under a lease, and stored in
//! [batches](batch); the commit of a batch moves the position on, so that whoever takes over goes on exactly
//! behind it. What the file says is the importer's business; here it is bytes.

pub mod batch;
mod lookup;
pub mod rows;
pub mod run;
pub mod templates;
mod twins;
pub mod undo;
pub mod upload;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use warmline_workflows::import::{Duplicates, Status};
use warmline_workflows::{CampaignId, ImportId, TemplateId, TenantId};

use crate::{Engine, Error};

/// An import, as it stands.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its identity.
    pub id: ImportId,
    /// The campaign that its leads are for; none while its file is uploaded.
    pub campaign: Option<CampaignId>,
    /// Where it stands.
    pub status: Status,
    /// The name of its file, as it was given.
    pub file_name: String,
    /// How it is read.
    pub options: Options,
    /// The length of its file.
    pub bytes: u64,
    /// How many chunks its file is in.
    pub chunks: u32,
    /// What was found in the file, in the words of the importer.
    pub found: Option<serde_json::Value>,
    /// How far it is, in the words of the importer.
    pub position: Option<serde_json::Value>,
    /// What became of its rows so far.
    pub counts: Counts,
    /// Bytes of its text that were read so far.
    pub bytes_read: u64,
    /// Leads that undoing it has deleted so far.
    pub leads_deleted: u64,
    /// Why it failed.
    pub error: Option<String>,
    /// When its upload began.
    pub created_at: Timestamp,
    /// When a worker first took it, in machine time.
    pub started_at: Option<Timestamp>,
    /// When it was over, in machine time.
    pub finished_at: Option<Timestamp>,
}

/// How a file is read, and what is done with its rows. Stored as it is: new fields need defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// `{"CSV column": "field"}`, where the names of columns do not tell.
    #[serde(default)]
    pub mapping: Option<BTreeMap<String, String>>,
    /// The template that the mapping is from.
    #[serde(default)]
    pub template: Option<TemplateId>,
    /// ISO 3166 alpha-2 code of the country that numbers without a prefix are of, where the row names none.
    pub default_country: String,
    /// What becomes of rows whose numbers are known.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// Whether numbers of all campaigns count as known, not only those of its own.
    #[serde(default)]
    pub across_campaigns: bool,
    /// Whether everything is done but storing leads.
    #[serde(default)]
    pub dry_run: bool,
}

/// How many rows there were, and what became of them: `rows` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All rows, the header and rows of empty cells not included.
    pub rows: u64,
    /// Stored, and to be called.
    pub valid: u64,
    /// Not stored: something is wrong with the row.
    pub invalid: u64,
    /// Not stored as leads of their own: the number is known already.
    pub duplicates: u64,
    /// Stored, and not to be called.
    pub do_not_call: u64,
}

/// Counts as they are stored.
struct StoredCounts {
    rows: i64,
    valid: i64,
    invalid: i64,
    duplicates: i64,
    do_not_call: i64,
}

impl From<StoredCounts> for Counts {
    fn from(stored: StoredCounts) -> Self {
        Self {
            rows: count(stored.rows),
            valid: count(stored.valid),
            invalid: count(stored.invalid),
            duplicates: count(stored.duplicates),
            do_not_call: count(stored.do_not_call),
        }
    }
}

impl Engine {
    /// An import.
    ///
    /// # Errors
    /// [`Error::NotFound`]; or when the database does not answer.
    pub async fn import(&self, tenant: TenantId, import: ImportId) -> Result<Import, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query_as!(
            ImportRow,
            "select id, campaign_id, status, file_name, options, bytes, chunks, found, position, rows, valid,
                    invalid, duplicates, do_not_call, bytes_read, leads_deleted, error, created_at, started_at,
                    finished_at
             from imports where tenant_id = $1 and id = $2",
            tenant.0,
            import.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        row.ok_or(Error::NotFound("import"))?.into_import()
    }

    /// Imports of an organisation, the latest first: those before `before`, of one campaign if one is given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn imports(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        before: Option<ImportId>,
        limit: i64,
    ) -> Result<Vec<Import>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            ImportRow,
            "select id, campaign_id, status, file_name, options, bytes, chunks, found, position, rows, valid,
                    invalid, duplicates, do_not_call, bytes_read, leads_deleted, error, created_at, started_at,
                    finished_at
             from imports
             where tenant_id = $1 and ($2::uuid is null or campaign_id = $2) and ($3::uuid is null or id < $3)
             order by id desc
             limit $4",
            tenant.0,
            campaign.map(|campaign| campaign.0),
            before.map(|before| before.0),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter().map(ImportRow::into_import).collect()
    }
}

struct ImportRow {
    id: Uuid,
    campaign_id: Option<Uuid>,
    status: String,
    file_name: String,
    options: serde_json::Value,
    bytes: i64,
    chunks: i32,
    found: Option<serde_json::Value>,
    position: Option<serde_json::Value>,
    rows: i64,
    valid: i64,
    invalid: i64,
    duplicates: i64,
    do_not_call: i64,
    bytes_read: i64,
    leads_deleted: i64,
    error: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    started_at: Option<jiff_sqlx::Timestamp>,
    finished_at: Option<jiff_sqlx::Timestamp>,
}

impl ImportRow {
    fn into_import(self) -> Result<Import, Error> {
        let status = self.status.parse().map_err(Error::unreadable("import"))?;
        Ok(Import {
            id: ImportId(self.id),
            campaign: self.campaign_id.map(CampaignId),
            status,
            file_name: self.file_name,
            options: match status {
                Status::Uploading => Options::default(),
                _ => serde_json::from_value(self.options).map_err(Error::unreadable("import options"))?,
            },
            bytes: count(self.bytes),
            chunks: u32::try_from(self.chunks).unwrap_or(0),
            found: self.found,
            position: self.position,
            counts: StoredCounts {
                rows: self.rows,
                valid: self.valid,
                invalid: self.invalid,
                duplicates: self.duplicates,
                do_not_call: self.do_not_call,
            }
            .into(),
            bytes_read: count(self.bytes_read),
            leads_deleted: count(self.leads_deleted),
            error: self.error,
            created_at: self.created_at.to_jiff(),
            started_at: self.started_at.map(|at| at.to_jiff()),
            finished_at: self.finished_at.map(|at| at.to_jiff()),
        })
    }
}

pub(crate) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
