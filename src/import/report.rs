//! What became of a file: counts, and row by row.

use std::fmt;

use warmline_workflows::LeadId;

use super::header::Usage;
use super::text::Encoding;

/// How many rows there were, and what became of them: `rows` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All rows, the header and rows of empty cells not included.
    pub rows: u64,
    /// Stored, and to be called.
    pub valid: u64,
    /// Not stored: something is wrong with the row.
    pub invalid: u64,
    /// Not stored: the number is in the file or the campaign already.
    pub duplicates: u64,
    /// Stored, and not to be called: the number is on the do-not-call list, or the row says so.
    pub do_not_call: u64,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What became of the rows so far.
    pub counts: Counts,
    /// Bytes of text read so far.
    pub bytes_read: u64,
}

/// What became of a file.
#[derive(Debug, Clone)]
pub struct Report {
    /// Of all rows.
    pub counts: Counts,
    /// The encoding of the file as a whole.
    pub encoding: Encoding,
    /// What separates its cells.
    pub delimiter: char,
    /// The name of every column, from the first, and what it was used for.
    pub columns: Vec<(String, Usage)>,
    /// What people should know beyond the outcomes of rows.
    pub notes: Vec<String>,
    /// What became of single rows, in their order: of the first thousand all of them; of the others those
    /// that were not stored to be called, or are with a remark; never more than ten thousand.
    pub outcomes: Vec<RowOutcome>,
    /// How many outcomes that belong there were left out.
    pub outcomes_left_out: u64,
}

/// What became of a row. Displays as one line for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// The line it begins in, from 1; the header is a line too.
    pub line: u64,
    /// The name in it, as far as it could be read.
    pub name: String,
    /// The number, E.164; none when it is no number.
    pub phone: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, or what is odd about it.
    pub remark: Option<Remark>,
}

/// What can become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Stored, and to be called.
    Queued(LeadId),
    /// Stored, and not to be called.
    DoNotCall(LeadId),
    /// Not stored: the number is in the file or the campaign already.
    Duplicate,
    /// Not stored: something is wrong with the row.
    Invalid,
}

/// A remark on a row, for the person who can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The column it is about; none when it is about the row.
    pub column: Option<String>,
    /// What is wrong or odd.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<&'static str>,
}

/// Of so many rows the outcome is kept whatever it is.
const ALL_KEPT: u64 = 1_000;
const KEPT_MAX: usize = 10_000;

impl Report {
    pub(super) fn add(&mut self, outcome: RowOutcome) {
        let counts = &mut self.counts;
        counts.rows += 1;
        match outcome.outcome {
            Outcome::Queued(_) => counts.valid += 1,
            Outcome::DoNotCall(_) => counts.do_not_call += 1,
            Outcome::Duplicate => counts.duplicates += 1,
            Outcome::Invalid => counts.invalid += 1,
        }
        if counts.rows > ALL_KEPT && outcome.remark.is_none() {
            return;
        }
        if self.outcomes.len() < KEPT_MAX {
            self.outcomes.push(outcome);
        } else {
            self.outcomes_left_out += 1;
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, valid, invalid, duplicates, do_not_call } = self;
        let duplicates_word = if *duplicates == 1 { "duplicate" } else { "duplicates" };
        write!(
            f,
            "{rows} rows: {valid} to be called, {invalid} invalid, {duplicates} {duplicates_word}, {do_not_call} \
             not to be called"
        )
    }
}

impl fmt::Display for RowOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        let phone = self.phone.as_deref().unwrap_or_default();
        for part in [self.name.as_str(), phone].into_iter().filter(|part| !part.is_empty()) {
            write!(f, " {part}")?;
        }
        write!(f, ": {}", self.outcome)?;
        self.remark.iter().try_for_each(|remark| write!(f, "; {remark}"))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queued(_) => "to be called",
            Self::DoNotCall(_) => "not to be called",
            Self::Duplicate => "duplicate",
            Self::Invalid => "invalid",
        })
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.reason)?;
        self.hint.iter().try_for_each(|hint| write!(f, " ({hint})"))
    }
}
