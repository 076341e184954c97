//! What is kept of a row, for people to see: what it says, and why it has its outcome.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use warmline_engine::imports::rows::KeptRow;
use warmline_workflows::import::Outcome;

/// A remark on a row, for the person who can mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The column it is about; none when it is about the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong or odd.
    pub reason: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Cow<'static, str>>,
}

/// What is kept of a row. Stored as it is: new fields need defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The name in it, as far as it could be read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The number, E.164; none when it is no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Why it has its outcome, or what is odd about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Remark>,
    /// Its cells, as they stand in the file; none of a row that could not be told apart into cells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
}

/// A row that was kept. Displays as one line for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRow {
    /// The line it begins in, from 1; the header is a line too.
    pub line: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// The rest.
    pub told: Told,
}

impl ToldRow {
    /// Reads a row as it was kept.
    ///
    /// # Errors
    /// When it was kept by a newer version.
    pub fn read(row: &KeptRow) -> Result<Self, serde_json::Error> {
        Ok(Self { line: row.line, outcome: row.outcome, told: serde_json::from_slice(&row.body)? })
    }
}

impl fmt::Display for ToldRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        let phone = self.told.phone.as_deref().unwrap_or_default();
        for part in [self.told.name.as_str(), phone].into_iter().filter(|part| !part.is_empty()) {
            write!(f, " {part}")?;
        }
        f.write_str(match self.outcome {
            Outcome::Valid => ": to be called",
            Outcome::DoNotCall => ": not to be called",
            Outcome::Duplicate => ": duplicate",
            Outcome::Invalid => ": invalid",
        })?;
        self.told.remark.iter().try_for_each(|remark| write!(f, "; {remark}"))
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
