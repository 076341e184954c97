//! `warmline import`: a file of leads into a campaign, with a report.
//!
//! It is the import that the API does, in one process: the file is uploaded and the import performed here,
//! unless a worker is faster.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::io::AsyncReadExt as _;
use tokio_util::sync::CancellationToken;
use warmline_engine::Engine;
use warmline_engine::imports::{Counts, Import as Stored, Options};
use warmline_workers::Clock;
use warmline_workflows::import::{Outcome, Status};
use warmline_workflows::{CampaignId, ImportId, TenantId};

use crate::cli::Import;
use crate::config::Config;
use crate::import::{self, Importer, Mapping, ToldRow, Upload};
use crate::roles;

/// Rows of the report that are printed; the counts are of all rows.
const ROWS_PRINTED_MAX: i64 = 50;
/// How often somebody who waits is told how far the import is.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Imports the file that the command line names.
///
/// # Errors
/// When there is no such organisation, campaign or file, or the file as a whole cannot be read.
pub async fn run(config: &Config, options: &Import) -> anyhow::Result<()> {
    let mapping = match &options.mapping {
        Some(json) => Some(Mapping::pairs(json).context("--mapping cannot be used")?),
        None => None,
    };
    let database = roles::database(config, config.vault()?).await?;
    anyhow::ensure!(
        database.is_migrated().await?,
        "the database is not of this version: run `warmline migrate` first"
    );
    let (engine, _) = Engine::start(database, warmline_engine::Options::default());
    let tenant = engine
        .tenant_by_name(&options.tenant)
        .await?
        .with_context(|| format!("there is no organisation named \"{}\"", options.tenant))?;
    let campaign = engine
        .campaign_by_name(tenant, &options.campaign)
        .await?
        .with_context(|| format!("\"{}\" has no campaign named \"{}\"", options.tenant, options.campaign))?;
    let options_of = Options {
        mapping,
        default_country: engine.default_country(tenant, campaign).await?,
        dry_run: options.dry_run,
        ..Options::default()
    };
    let clock = Clock::new(config.timeline);
    let importer = Importer { engine, limits: config.import_limits, stop: CancellationToken::new() };
    import(&importer, &options.file, (tenant, campaign), options_of, || clock.now()).await
}

/// Imports a file and prints the report.
pub(crate) async fn import(
    importer: &Importer,
    file: &Path,
    (tenant, campaign): (TenantId, CampaignId),
    options: Options,
    now: impl Fn() -> Timestamp + Send,
) -> anyhow::Result<()> {
    let is_dry = options.dry_run;
    let id = upload(importer, file, (tenant, campaign), options).await?;
    let performing = async { importer.perform(tenant, id, now).await.map_err(anyhow::Error::from) };
    let stored = tokio::try_join!(performing, wait(&importer.engine, tenant, id))?.1;
    print(&importer.engine, tenant, &stored, is_dry).await?;
    match (stored.status, stored.error) {
        (Status::Finished, _) => Ok(()),
        (_, Some(error)) => anyhow::bail!(error),
        (status, None) => anyhow::bail!("the import is {status}"),
    }
}

async fn upload(
    importer: &Importer,
    file: &Path,
    (tenant, campaign): (TenantId, CampaignId),
    options: Options,
) -> anyhow::Result<ImportId> {
    let mut source =
        tokio::fs::File::open(file).await.with_context(|| format!("cannot open {}", file.display()))?;
    let mut upload = Upload::begin(&importer.engine, &importer.limits, tenant).await?;
    let mut piece = vec![0; import::upload::CHUNK_BYTES];
    loop {
        let len = source.read(&mut piece).await.with_context(|| format!("cannot read {}", file.display()))?;
        let written = upload.write(piece.get(..len).unwrap_or_default()).await;
        if let Err(refusal) = written {
            upload.abandon().await;
            return Err(refusal.into());
        }
        if len == 0 {
            break;
        }
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(upload.end(campaign, &name, options).await?)
}

/// Waits for an import to be over, whoever performs it, and tells how far it is.
async fn wait(engine: &Engine, tenant: TenantId, id: ImportId) -> anyhow::Result<Stored> {
    let mut looks = 0;
    loop {
        let stored = engine.import(tenant, id).await?;
        if stored.status.is_over() {
            return Ok(stored);
        }
        // A short import says nothing before its report.
        looks += 1;
        if looks % 10 == 0 {
            tell(&format!("  {} so far", spoken(&stored.counts)));
        }
        tokio::time::sleep(TELL_EVERY / 10).await;
    }
}

async fn print(engine: &Engine, tenant: TenantId, stored: &Stored, is_dry: bool) -> anyhow::Result<()> {
    let rows = engine.import_rows((tenant, stored.id), Outcome::ALL, 0, ROWS_PRINTED_MAX).await?;
    let shown = rows.len() as u64;
    for row in &rows {
        let mark = if row.outcome == Outcome::Valid { " " } else { "!" };
        tell(&format!(" {mark} {}", ToldRow::read(row)?));
    }
    if stored.counts.rows > shown && shown > 0 {
        tell(&format!("   ... and {} more", stored.counts.rows - shown));
    }
    for note in import::notes(stored) {
        tell(&format!("   note: {note}"));
    }
    let done = if is_dry { "Would import" } else { "Imported" };
    tell(&format!("{done} {}.", spoken(&stored.counts)));
    Ok(())
}

/// Counts for people.
fn spoken(counts: &Counts) -> String {
    let Counts { rows, valid, invalid, duplicates, do_not_call } = counts;
    let duplicates_word = if *duplicates == 1 { "duplicate" } else { "duplicates" };
    format!(
        "{rows} rows: {valid} to be called, {invalid} invalid, {duplicates} {duplicates_word}, {do_not_call} not to be \
         called"
    )
}

/// Whoever closed the pipe does not want to hear it.
fn tell(line: &str) {
    let _closed = writeln!(std::io::stdout().lock(), "{line}");
}
