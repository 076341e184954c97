//! An organisation with an empty campaign, and what is done to it.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Instant;

use futures::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolCopyExt as _};
use tokio::io::AsyncReadExt as _;
use tokio_util::sync::CancellationToken;
use warmline::import::{Importer, Limits, Options, Upload, upload};
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::imports::Counts;
use warmline_engine::{Database, Engine, Vault};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;
use warmline_workflows::import::Status;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{CampaignId, ImportId, TenantId};

use crate::{Failure, Measured};

/// An organisation with an empty campaign.
pub(crate) struct World {
    owner: PgPool,
    importer: Importer,
    tenant: TenantId,
    campaign: CampaignId,
}

impl World {
    pub(crate) async fn create(url: &str, vault: Vault) -> Result<Self, Failure> {
        let database = Database::connect(url, 4).await?.with_vault(vault);
        database.migrate().await?;
        // Copying a million rows takes longer than anything that the program asks for.
        let patient = PgConnectOptions::from_str(url)?.options([("statement_timeout", "0")]);
        let owner = PgPool::connect_with(patient).await?;
        let (engine, _) = Engine::start(database, warmline_engine::Options::default());
        let tenant = engine.add_tenant("Bench", 10).await?;
        let group = engine.add_group(tenant, "Sales").await?;
        let campaign = NewCampaign {
            name: "Bench".to_owned(),
            group,
            caller_ids: vec!["+14155550100".to_owned()],
            local_presence: false,
            default_country: "US".to_owned(),
            conduct: Conduct::default(),
            window: CallingWindow::new(Terms::office_hours("America/New_York"))?,
            cadence: Cadence::default(),
            max_concurrent_calls: 10,
            script: String::new(),
        };
        let campaign = engine.add_campaign(tenant, &campaign).await?;
        let importer = Importer { engine, limits: Limits::default(), stop: CancellationToken::new() };
        Ok(Self { owner, importer, tenant, campaign })
    }

    pub(crate) async fn fsync(&self) -> Result<String, Failure> {
        Ok(sqlx::query_scalar("show fsync").fetch_one(&self.owner).await?)
    }

    /// So that no part pays for the writing of an earlier one.
    pub(crate) async fn checkpoint(&self) -> Result<(), Failure> {
        sqlx::query("checkpoint").execute(&self.owner).await?;
        Ok(())
    }

    pub(crate) async fn upload(&self, path: &Path) -> Result<ImportId, Failure> {
        let mut file = tokio::fs::File::open(path).await?;
        let mut upload = Upload::begin(&self.importer.engine, &self.importer.limits, self.tenant).await?;
        let mut piece = vec![0; upload::CHUNK_BYTES];
        loop {
            let len = file.read(&mut piece).await?;
            if len == 0 {
                break;
            }
            upload.write(&piece[..len]).await?;
        }
        let options = Options { default_country: "US".to_owned(), ..Options::default() };
        Ok(upload.end(self.campaign, "bench.csv", options).await?)
    }

    pub(crate) async fn perform(&self, import: ImportId) -> Result<Counts, Failure> {
        self.importer.perform(self.tenant, import, Timestamp::now).await?;
        let import = self.importer.engine.import(self.tenant, import).await?;
        if import.status != Status::Finished {
            return Err(format!("the import is {}: {:?}", import.status, import.error).into());
        }
        Ok(import.counts)
    }

    /// Takes the leads out of their table as they are stored, and times how they are copied back.
    pub(crate) async fn copy_back(&self) -> Result<Measured, Failure> {
        let path = std::env::temp_dir().join(format!("warmline-bench-{}.copy", std::process::id()));
        let mut file = tokio::fs::File::create(&path).await?;
        let mut rows = self.owner.copy_out_raw("copy leads to stdout (format binary)").await?;
        while let Some(piece) = rows.try_next().await? {
            tokio::io::AsyncWriteExt::write_all(&mut file, &piece).await?;
        }
        file.sync_all().await?;
        drop(rows);
        sqlx::query("truncate leads cascade").execute(&self.owner).await?;
        self.checkpoint().await?;
        let file = tokio::fs::File::open(&path).await?;
        let began = Instant::now();
        let mut copy = self.owner.copy_in_raw("copy leads from stdin (format binary)").await?;
        copy.read_from(file).await?;
        let rows = copy.finish().await?;
        let time = began.elapsed();
        tokio::fs::remove_file(&path).await?;
        Ok(Measured { rows, time })
    }

    /// Forgets every lead and what was said of rows, so that the next import finds empty tables.
    pub(crate) async fn clear(&self) -> Result<(), Failure> {
        sqlx::query("truncate leads, lead_words, dnc_list, import_rows cascade").execute(&self.owner).await?;
        Ok(())
    }
}
