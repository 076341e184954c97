//! `warmline import`: a file of leads into a campaign, with a report.

use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use anyhow::Context as _;
use jiff::Timestamp;
use warmline_engine::Engine;
use warmline_workers::Clock;
use warmline_workflows::{CampaignId, TenantId};

use crate::cli::Import;
use crate::config::Config;
use crate::import::{self, BATCH_ROWS, Mapping, Options, Outcome, Report};
use crate::roles;

/// Rows of the report that are printed; the counts are of all rows.
const ROWS_PRINTED_MAX: usize = 50;

/// Imports the file that the command line names.
///
/// # Errors
/// When there is no such organisation, campaign or file, or the file as a whole cannot be read.
pub async fn run(config: &Config, options: &Import) -> anyhow::Result<()> {
    let mapping = match &options.mapping {
        Some(json) => Some(Mapping::from_json(json).context("--mapping cannot be used")?),
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
    let file =
        File::open(&options.file).with_context(|| format!("cannot open {}", options.file.display()))?;
    import(&engine, (file, mapping), (tenant, campaign), Clock::new(config.timeline).now()).await
}

/// Imports a file and prints the report.
pub(crate) async fn import(
    engine: &Engine,
    (file, mapping): (File, Option<Mapping>),
    (tenant, campaign): (TenantId, CampaignId),
    now: Timestamp,
) -> anyhow::Result<()> {
    let default_country = engine.default_country(tenant, campaign).await?;
    let options = Options { tenant, campaign, default_country, mapping, batch_rows: BATCH_ROWS };
    let began = Instant::now();
    let mut told = began;
    let report = import::run(file, options, engine, now, &mut |progress| {
        // A short import says nothing before its report.
        if told.elapsed().as_secs() >= 1 {
            told = Instant::now();
            tell(&format!("  {} so far", progress.counts));
        }
    })
    .await?;
    print(&report);
    Ok(())
}

fn print(report: &Report) {
    for outcome in report.outcomes.iter().take(ROWS_PRINTED_MAX) {
        let mark = if matches!(outcome.outcome, Outcome::Queued(_)) { " " } else { "!" };
        tell(&format!(" {mark} {outcome}"));
    }
    let more = report.outcomes.len().saturating_sub(ROWS_PRINTED_MAX) as u64 + report.outcomes_left_out;
    if more > 0 {
        tell(&format!("   ... and {more} more"));
    }
    for note in &report.notes {
        tell(&format!("   note: {note}"));
    }
    tell(&format!("Imported {}.", report.counts));
}

/// Whoever closed the pipe does not want to hear it.
fn tell(line: &str) {
    let _closed = writeln!(std::io::stdout().lock(), "{line}");
}
