//! Pieces: so many rows of a file as are stored at once, with what people may want to see of them.

use std::io::Read;

use warmline_engine::imports::Import;
use warmline_engine::imports::batch::{Batch, Fate, Sealed, Twin};
use warmline_engine::imports::rows::{KeptRow, NewKeptRow};
use warmline_workflows::import::Outcome;

use super::error::Error;
use super::rows::{Position, Reading, Rows, whole_name};
use super::text::decode;
use super::told::{Remark, Told};

/// A piece of very long rows ends early, to bound the memory it takes.
const PIECE_BYTES_MAX: u64 = 4 << 20;
/// Of so many rows from the first on everybody may see what became of them.
const ALL_KEPT: u64 = 1_000;

/// Rows of a file that are stored together.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) batch: Batch,
    entries: Vec<Entry>,
    cells: Cells,
    rows_before: u64,
}

/// A row of a piece: a candidate, in their order, or a rejected one.
#[derive(Debug)]
struct Entry {
    line: u64,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Candidate(Option<Remark>),
    Rejected { name: String, remark: Remark },
}

/// The cells of many rows, without a piece of memory for each.
#[derive(Debug, Default)]
struct Cells {
    bytes: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// Where each row ends, among the cells.
    rows: Vec<usize>,
}

impl Piece {
    /// Reads the next piece; none at the end of the file. When the file cannot be read on, that is told
    /// beside what was read before.
    pub(super) fn read<R: Read>(rows: &mut Rows<R>, rows_max: usize) -> (Option<Self>, Option<Error>) {
        let (begin, rows_before) = (rows.bytes_used(), rows.position().rows);
        let mut candidates = Vec::new();
        let (mut entries, mut cells) = (Vec::new(), Cells::default());
        let mut error = None;
        while entries.len() < rows_max && rows.bytes_used() - begin < PIECE_BYTES_MAX {
            match rows.next() {
                Ok(None) => break,
                Err(why) => {
                    error = Some(why);
                    break;
                }
                Ok(Some(row)) => {
                    cells.push(rows.cells());
                    let kind = match row.reading {
                        Reading::Lead(candidate, remark) => {
                            candidates.push(*candidate);
                            Kind::Candidate(remark)
                        }
                        Reading::Rejected { name, remark } => Kind::Rejected { name, remark },
                    };
                    entries.push(Entry { line: row.line, kind });
                }
            }
        }
        if entries.is_empty() {
            return (None, error);
        }
        let batch = Batch {
            invalid: (entries.len() - candidates.len()) as u64,
            candidates,
            sealed: Sealed::default(),
            position: serde_json::to_value(rows.position()).unwrap_or_default(),
            bytes_read: rows.bytes_used(),
        };
        (Some(Self { batch, entries, cells, rows_before }), error)
    }

    /// The rows that people should see, given what became of the candidates.
    pub(super) fn kept(&self, fates: &[Fate]) -> Vec<NewKeptRow> {
        let mut candidates = self.batch.candidates.iter().zip(fates);
        let mut kept = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let is_first = self.rows_before + (index as u64) < ALL_KEPT;
            let (outcome, name, phone, remark) = match &entry.kind {
                Kind::Rejected { name, remark } => {
                    (Outcome::Invalid, name.clone(), None, Some(remark.clone()))
                }
                Kind::Candidate(remark) => {
                    let Some((candidate, fate)) = candidates.next() else { break };
                    let remark = because(*fate, candidate.lead.do_not_call).or_else(|| remark.clone());
                    if remark.is_none() && !is_first {
                        continue;
                    }
                    let name = whole_name(&candidate.lead.first_name, &candidate.lead.last_name);
                    (fate.outcome(), name, Some(candidate.lead.phone.clone()), remark)
                }
            };
            let told = Told { name, phone, remark, cells: self.cells.of(index) };
            let body = serde_json::to_vec(&told).unwrap_or_default();
            kept.push(NewKeptRow { row: KeptRow { line: entry.line, outcome, body }, phone: told.phone });
        }
        kept
    }
}

/// Why a row that could be a lead is none of its own, or is not called.
fn because(fate: Fate, is_marked: bool) -> Option<Remark> {
    let reason = match fate {
        Fate::Queued(_) => return None,
        Fate::DoNotCall(_) if is_marked => "the row says so".to_owned(),
        Fate::DoNotCall(_) => "the number is on the do-not-call list".to_owned(),
        Fate::Duplicate(Twin::Line(line)) => format!("the number is in line {line} already"),
        Fate::Duplicate(Twin::Campaign) => "the campaign has a lead with this number".to_owned(),
        Fate::Duplicate(Twin::OtherCampaign) => "another campaign has a lead with this number".to_owned(),
    };
    Some(Remark { column: None, reason, hint: None })
}

impl Cells {
    fn push(&mut self, (bytes, ends): (&[u8], &[usize])) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.ends.extend(ends.iter().map(|end| start + end));
        self.rows.push(self.ends.len());
    }

    /// The cells of a row, from 0.
    fn of(&self, row: usize) -> Vec<String> {
        let before = |ends: &[usize], index: usize| match index.checked_sub(1) {
            Some(before) => ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let (first, last) = (before(&self.rows, row), self.rows.get(row).copied().unwrap_or(0));
        (first..last)
            .map(|cell| {
                let bytes = self.bytes.get(before(&self.ends, cell)..self.ends[cell]).unwrap_or_default();
                decode(bytes).0.into_owned()
            })
            .collect()
    }
}

/// Where the reader of a stored import goes on.
pub(super) fn position(stored: Option<&serde_json::Value>) -> Option<Position> {
    stored.and_then(|stored| serde_json::from_value(stored.clone()).ok())
}

/// What people should know of the rows of an import so far beyond their outcomes.
#[must_use]
pub fn notes(import: &Import) -> Vec<String> {
    position(import.position.as_ref()).map(|position| position.notes()).unwrap_or_default()
}
