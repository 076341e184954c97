//! Import: a CSV file becomes the leads of a campaign, with a report on every row that did not.
//!
//! [`run`] reads a file of any size piece by piece and stores leads in batches. Reading, in [`rows`], is
//! apart from storing and needs no database. A file that is imported twice does no harm: its leads are
//! duplicates then, so an import that broke off is simply repeated.

mod cells;
mod delimiter;
mod error;
mod header;
mod records;
mod report;
pub mod rows;
mod text;

use std::collections::HashMap;
use std::io::Read;

use jiff::Timestamp;
use warmline_engine::Engine;
use warmline_engine::leads::{NewLead, Stored};
use warmline_workflows::{CampaignId, TenantId};

pub use error::Error;
pub use header::{Field, Mapping, Usage};
pub use report::{Counts, Outcome, Progress, Remark, Report, RowOutcome};
pub use text::Encoding;

use rows::{Reading, Row, Rows, Terms};

/// Where leads go, and how their file is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The organisation.
    pub tenant: TenantId,
    /// The campaign.
    pub campaign: CampaignId,
    /// ISO 3166 alpha-2 code of the country that numbers without a prefix are of, where the row names none.
    pub default_country: String,
    /// What the columns are used for, where their names do not tell.
    pub mapping: Option<Mapping>,
    /// Rows that are stored at once, 1 to 5000.
    pub batch_rows: usize,
}

/// Stored at once unless somebody knows better.
pub const BATCH_ROWS: usize = 1_000;
const BATCH_ROWS_MAX: usize = 5_000;
/// A batch of very long rows is stored early, to bound the memory it takes.
const BATCH_BYTES_MAX: u64 = 4 << 20;

/// Imports a file; `progress` is told after each batch. Reading blocks, a piece of the file at a time.
///
/// Row by row the number decides: what is not a number that can be called is rejected with the reason; a
/// number that the file or the campaign has already is a duplicate; one on the do-not-call list, or
/// marked so in its row, is stored and not called.
///
/// # Errors
/// When the file as a whole cannot be read, or its leads cannot be stored. Batches before that stay.
pub async fn run(
    reader: impl Read + Send,
    options: Options,
    engine: &Engine,
    now: Timestamp,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, Error> {
    let terms = Terms { default_country: &options.default_country, mapping: options.mapping.as_ref() };
    let mut rows = Rows::open(reader, terms)?;
    let mut import =
        Import { engine, options: &options, now, report: report(&rows), phones: Phones::default(), line: 0 };
    let batch_rows = options.batch_rows.clamp(1, BATCH_ROWS_MAX);
    let mut end = None;
    while end.is_none() {
        let mut batch = Vec::new();
        let bytes_before = rows.bytes_read();
        while end.is_none() && batch.len() < batch_rows && rows.bytes_read() - bytes_before < BATCH_BYTES_MAX
        {
            match rows.next() {
                Ok(Some(row)) => batch.push(row),
                Ok(None) => end = Some(Ok(())),
                // What was read before it is stored all the same: that is what the error says.
                Err(error) => end = Some(Err(error)),
            }
        }
        import.store(batch).await?;
        progress(Progress { counts: import.report.counts, bytes_read: rows.bytes_read() });
    }
    end.transpose()?;
    let mut report = import.report;
    report.notes = rows.notes();
    if report.counts.rows == 0 { Err(Error::NoRows) } else { Ok(report) }
}

fn report<R: Read>(rows: &Rows<R>) -> Report {
    Report {
        counts: Counts::default(),
        encoding: rows.encoding(),
        delimiter: rows.delimiter(),
        columns: rows.columns().to_vec(),
        notes: Vec::new(),
        outcomes: Vec::new(),
        outcomes_left_out: 0,
    }
}

/// An import under way.
struct Import<'a> {
    engine: &'a Engine,
    options: &'a Options,
    now: Timestamp,
    report: Report,
    phones: Phones,
    /// The line of the last row that is reported on.
    line: u64,
}

impl Import<'_> {
    /// Stores the leads of a batch and reports on all its rows, in their order.
    async fn store(&mut self, batch: Vec<Row>) -> Result<(), Error> {
        let mut leads: Vec<NewLead> = Vec::new();
        let mut pending = Vec::new();
        for Row { line, name, reading } in batch {
            pending.push(match reading {
                Reading::Lead(lead, remark) => {
                    let known = Known {
                        phone: lead.phone.clone(),
                        first_line: self.phones.first_line(&lead.phone, line),
                        is_marked: lead.do_not_call,
                    };
                    leads.push(*lead);
                    Pending { line, name, known: Some(known), remark }
                }
                Reading::Rejected(remark) => Pending { line, name, known: None, remark: Some(remark) },
            });
        }
        let (tenant, campaign) = (self.options.tenant, self.options.campaign);
        // Duplicates go along: the mark of one as not to be called counts for its number.
        let stored = self
            .engine
            .store_leads(tenant, campaign, &leads, self.now)
            .await
            .map_err(|why| Error::Store { line: self.line, counts: self.report.counts, why })?;
        let mut stored = stored.into_iter();
        for row in pending {
            self.line = row.line;
            let stored = row.known.as_ref().and_then(|_| stored.next());
            self.report.add(row.outcome(stored));
        }
        Ok(())
    }
}

/// A row whose lead is being stored.
struct Pending {
    line: u64,
    name: String,
    known: Option<Known>,
    remark: Option<Remark>,
}

/// What is kept of a lead that went to the database.
struct Known {
    phone: String,
    /// The line of an earlier row with the number.
    first_line: Option<u64>,
    is_marked: bool,
}

impl Pending {
    fn outcome(self, stored: Option<Stored>) -> RowOutcome {
        let Self { line, name, known, remark } = self;
        let because = |reason: String| Some(Remark { column: None, reason, hint: None });
        let (outcome, remark) = match (&known, stored) {
            (Some(_), Some(Stored::Queued(lead))) => (Outcome::Queued(lead), remark),
            (Some(known), Some(Stored::DoNotCall(lead))) => {
                let why =
                    if known.is_marked { "the row says so" } else { "the number is on the do-not-call list" };
                (Outcome::DoNotCall(lead), because(why.to_owned()))
            }
            (Some(known), Some(Stored::Duplicate)) => {
                let why = match known.first_line {
                    Some(first_line) => format!("the number is in line {first_line} already"),
                    None => "the campaign has a lead with this number".to_owned(),
                };
                (Outcome::Duplicate, because(why))
            }
            (None, _) | (_, None) => (Outcome::Invalid, remark),
        };
        RowOutcome { line, name, phone: known.map(|known| known.phone), outcome, remark }
    }
}

/// The numbers of a file with the line of each, to say of what a row is a duplicate. That it is one, the
/// database says; so the memory can be bounded.
#[derive(Default)]
struct Phones(HashMap<u64, u64>);

const PHONES_MAX: usize = 1_000_000;

impl Phones {
    /// The line of an earlier row with the number; else remembers this one.
    fn first_line(&mut self, e164: &str, line: u64) -> Option<u64> {
        let digits = e164.trim_start_matches('+').parse().ok()?;
        let earlier = self.0.get(&digits).copied();
        if earlier.is_none() && self.0.len() < PHONES_MAX {
            self.0.insert(digits, line);
        }
        earlier
    }
}

#[cfg(test)]
mod tests;
