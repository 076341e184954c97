//! Uploads: a file becomes an import, chunk by chunk, without ever being in memory as a whole.

use serde::{Deserialize, Serialize};
use warmline_engine::imports::Options;
use warmline_engine::imports::upload::{Begun, Uploaded};
use warmline_engine::{Engine, Error as EngineError};
use warmline_workflows::{CampaignId, ImportId, TenantId};

use super::error::Error;
use super::header::{Mapping, Usage};
use super::limits::Limits;
use super::rows::{Rows, Terms};
use super::text::Encoding;

/// The length of a chunk: no shorter than the longest row, so that the first one holds the header.
pub const CHUNK_BYTES: usize = 1 << 20;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Something is wrong with it.
    #[error(transparent)]
    File(#[from] Error),
    /// Something is wrong elsewhere.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What was found in a file before any of its rows was read. Stored as it is: new fields need defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The encoding of the file as a whole: `utf-8` or `utf-16`.
    pub encoding: String,
    /// What separates its cells.
    pub delimiter: char,
    /// Its columns, from the first.
    pub columns: Vec<Column>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it is used for, as a mapping says it.
    pub target: String,
}

/// A file on its way here.
pub struct Upload<'a> {
    engine: &'a Engine,
    limits: &'a Limits,
    tenant: TenantId,
    id: ImportId,
    buffer: Vec<u8>,
    /// The first chunk.
    head: Vec<u8>,
    bytes: u64,
    chunks: u32,
}

impl<'a> Upload<'a> {
    /// Begins one.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn begin(
        engine: &'a Engine,
        limits: &'a Limits,
        tenant: TenantId,
    ) -> Result<Self, EngineError> {
        match engine.begin_upload(tenant, None).await? {
            Begun::New(id) | Begun::Before(id) => Ok(Self::of(engine, limits, tenant, id)),
        }
    }

    /// Goes on with one that was begun.
    #[must_use]
    pub fn of(engine: &'a Engine, limits: &'a Limits, tenant: TenantId, id: ImportId) -> Self {
        let buffer = Vec::with_capacity(CHUNK_BYTES);
        Self { engine, limits, tenant, id, buffer, head: Vec::new(), bytes: 0, chunks: 0 }
    }

    /// Takes some more of the file.
    ///
    /// # Errors
    /// When the file is too large, or can be seen to be no file of leads; or when the database does not do it.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Refusal> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.file_bytes {
            return Err(Error::TooLarge(self.limits.file_bytes).into());
        }
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK_BYTES - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() == CHUNK_BYTES {
                self.store().await?;
            }
        }
        Ok(())
    }

    /// Ends it: from now on the import waits for a worker. A file that is refused is forgotten.
    ///
    /// # Errors
    /// When its header does not fit the options; when there is no such campaign; or when the database does not
    /// do it.
    pub async fn end(
        mut self,
        campaign: CampaignId,
        file_name: &str,
        options: Options,
    ) -> Result<ImportId, Refusal> {
        let ended = self.try_end(campaign, file_name, options).await;
        if ended.is_err() {
            self.abandon().await;
        }
        ended
    }

    async fn try_end(
        &mut self,
        campaign: CampaignId,
        file_name: &str,
        options: Options,
    ) -> Result<ImportId, Refusal> {
        if !self.buffer.is_empty() {
            self.store().await?;
        }
        let mapping = options.mapping.as_ref().map(Mapping::new).transpose()?;
        let terms = Terms {
            default_country: &options.default_country,
            mapping: mapping.as_ref(),
            limits: self.limits,
        };
        let found = found(&Rows::open(self.head.as_slice(), terms)?);
        let found = serde_json::to_value(found).map_err(|error| EngineError::Refused(error.to_string()))?;
        let file_name = file_name.to_owned();
        let (bytes, chunks) = (self.bytes, self.chunks);
        let uploaded = Uploaded { campaign, options, file_name, bytes, chunks, found };
        self.engine.end_upload(self.tenant, self.id, &uploaded).await?;
        Ok(self.id)
    }

    /// Forgets what has arrived.
    pub async fn abandon(self) {
        if let Err(error) = self.engine.drop_upload(self.tenant, self.id).await {
            tracing::warn!(import.id = %self.id, error = %error, "an upload was not forgotten; the night will");
        }
    }

    async fn store(&mut self) -> Result<(), Refusal> {
        if self.chunks == 0 {
            self.head.clone_from(&self.buffer);
            self.check_head()?;
        }
        self.engine.add_chunk(self.tenant, self.id, self.chunks, &self.buffer).await?;
        self.chunks += 1;
        self.buffer.clear();
        Ok(())
    }

    /// Looks for what no mapping can mend, so that a film is not uploaded to its end.
    fn check_head(&self) -> Result<(), Error> {
        let terms = Terms { default_country: "US", mapping: None, limits: self.limits };
        match Rows::open(self.head.as_slice(), terms) {
            Ok(_) | Err(Error::NoPhoneColumn { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn found(rows: &Rows<&[u8]>) -> Found {
    let target = |usage: &Usage| match usage {
        Usage::Field(field) => field.as_str().to_owned(),
        Usage::Custom(key) => format!("custom.{key}"),
        Usage::Ignored => "ignore".to_owned(),
    };
    let column = |(name, usage): &(String, Usage)| Column { name: name.clone(), target: target(usage) };
    Found {
        encoding: match rows.encoding() {
            Encoding::Utf8 => "utf-8".to_owned(),
            Encoding::Utf16 => "utf-16".to_owned(),
        },
        delimiter: rows.delimiter(),
        columns: rows.columns().iter().map(column).collect(),
    }
}
