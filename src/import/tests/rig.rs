//! An organisation with an empty campaign on a real database, and files that are imported into it.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::imports::Import;
use warmline_engine::leads::Lead;
use warmline_engine::{Database, Engine, Options as EngineOptions, testing};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;
use warmline_workflows::import::Outcome;
use warmline_workflows::window::{CallingWindow, Terms as WindowTerms};
use warmline_workflows::{CampaignId, ImportId, LeadId, TenantId};

use super::super::upload::Refusal;
use super::super::{Importer, Limits, Options, ToldRow, Upload};

pub(super) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// An organisation with an empty campaign.
pub(super) struct Rig {
    pub(super) importer: Importer,
    pub(super) tenant: TenantId,
    pub(super) campaign: CampaignId,
    /// As the owner of the tables, to look and to meddle.
    pub(super) owner: PgPool,
    _shared: Arc<()>,
}

impl Rig {
    /// With three rows to a batch.
    pub(super) async fn new() -> Self {
        Self::with(Limits { batch_rows: 3, ..Limits::default() }).await
    }

    pub(super) async fn with(limits: Limits) -> Self {
        let url = testing::fresh_database().await.unwrap();
        let database = Database::connect(&url, 6).await.unwrap().with_vault(testing::vault().unwrap());
        let (engine, _) = Engine::start(database, EngineOptions::default());
        let tenant = engine.add_tenant("Acme", 10).await.unwrap();
        let importer = Importer { engine, limits, stop: CancellationToken::new() };
        let owner = PgPool::connect(&url).await.unwrap();
        let campaign = add_campaign(&importer.engine, tenant).await;
        Self { importer, tenant, campaign, owner, _shared: Arc::default() }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.importer.engine
    }

    pub(super) async fn another_campaign(&self) -> CampaignId {
        add_campaign(self.engine(), self.tenant).await
    }

    pub(super) fn options(&self) -> Options {
        Options { default_country: "US".to_owned(), ..Options::default() }
    }

    pub(super) async fn upload(
        &self,
        campaign: CampaignId,
        bytes: &[u8],
        options: Options,
    ) -> Result<ImportId, Refusal> {
        let mut upload = Upload::begin(self.engine(), &self.importer.limits, self.tenant).await?;
        // In odd pieces, as a network delivers them.
        for piece in bytes.chunks(7_777) {
            if let Err(refusal) = upload.write(piece).await {
                upload.abandon().await;
                return Err(refusal);
            }
        }
        upload.end(campaign, "list.csv", options).await
    }

    /// Uploads and performs.
    pub(super) async fn import(&self, bytes: &[u8]) -> Import {
        self.import_into(self.campaign, bytes, self.options()).await
    }

    pub(super) async fn import_into(&self, campaign: CampaignId, bytes: &[u8], options: Options) -> Import {
        let id = self.upload(campaign, bytes, options).await.unwrap();
        self.perform(id).await;
        self.find(id).await
    }

    pub(super) async fn perform(&self, import: ImportId) {
        self.importer.perform(self.tenant, import, || NOW).await.unwrap();
    }

    pub(super) async fn find(&self, import: ImportId) -> Import {
        self.engine().import(self.tenant, import).await.unwrap()
    }

    /// What was kept of its rows, for people.
    pub(super) async fn lines(&self, import: &Import) -> Vec<String> {
        let rows =
            self.engine().import_rows((self.tenant, import.id), Outcome::ALL, 0, 100_000).await.unwrap();
        rows.iter().map(|row| ToldRow::read(row).unwrap().to_string()).collect()
    }

    /// The leads of the organisation, the oldest first.
    pub(super) async fn leads(&self) -> Vec<Lead> {
        let ids: Vec<uuid::Uuid> =
            sqlx::query_scalar("select id from leads order by id").fetch_all(&self.owner).await.unwrap();
        let mut leads = Vec::new();
        for id in ids {
            leads.push(self.engine().lead(self.tenant, LeadId(id)).await.unwrap());
        }
        leads
    }

    /// The numbers of the campaign's leads, sorted.
    pub(super) async fn phones(&self) -> Vec<String> {
        let leads = self.leads().await.into_iter().filter(|lead| lead.campaign == self.campaign);
        let mut phones: Vec<String> = leads.map(|lead| lead.person.unwrap().phone).collect();
        phones.sort();
        phones
    }

    pub(super) async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.owner).await.unwrap();
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.owner).await.unwrap()
    }
}

async fn add_campaign(engine: &Engine, tenant: TenantId) -> CampaignId {
    let group = engine.add_group(tenant, &uuid::Uuid::now_v7().to_string()).await.unwrap();
    let campaign = NewCampaign {
        name: "Spring".to_owned(),
        group,
        caller_ids: vec!["+14155550100".to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: Conduct::default(),
        window: CallingWindow::new(WindowTerms::office_hours("America/New_York")).unwrap(),
        cadence: Cadence::default(),
        max_concurrent_calls: 10,
        script: String::new(),
    };
    engine.add_campaign(tenant, &campaign).await.unwrap()
}

/// Rows, valid, invalid, duplicates, not to be called; the first is the sum of the others.
pub(super) fn counts(import: &Import) -> [u64; 5] {
    let counts = import.counts;
    assert_eq!(
        counts.valid + counts.invalid + counts.duplicates + counts.do_not_call,
        counts.rows,
        "{counts:?}"
    );
    [counts.rows, counts.valid, counts.invalid, counts.duplicates, counts.do_not_call]
}
