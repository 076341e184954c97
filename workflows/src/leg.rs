//! Legs: the telephone connections of a call, and what the carrier says of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One telephone connection of a call.
///
/// A call has one lead leg, and one agent leg for every agent that was tried. Printed as `lead`,
/// `agent-1`, `agent-2`, …; this form stands in callback URLs and in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Leg {
    /// The connection to the lead.
    Lead,
    /// The connection to the n-th agent tried, counted from 1.
    Agent(u16),
}

/// Why a text names no leg.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a leg is `lead` or `agent-N` with N from 1 to 65535")]
pub struct InvalidLeg;

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lead => f.write_str("lead"),
            Self::Agent(n) => write!(f, "agent-{n}"),
        }
    }
}

impl FromStr for Leg {
    type Err = InvalidLeg;

    fn from_str(text: &str) -> Result<Self, InvalidLeg> {
        match text.strip_prefix("agent-") {
            None if text == "lead" => Ok(Self::Lead),
            None => Err(InvalidLeg),
            Some(n) => n.parse().ok().filter(|n| *n > 0).map(Self::Agent).ok_or(InvalidLeg),
        }
    }
}

impl From<Leg> for String {
    fn from(leg: Leg) -> Self {
        leg.to_string()
    }
}

impl TryFrom<String> for Leg {
    type Error = InvalidLeg;

    fn try_from(text: String) -> Result<Self, InvalidLeg> {
        text.parse()
    }
}

/// How the carrier says a leg ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It was answered, and is over.
    Completed,
    /// The line was busy.
    Busy,
    /// Nobody picked up within the ring timeout.
    NoAnswer,
    /// It could not be connected.
    Failed,
    /// It was taken back before it was answered.
    Canceled,
}

/// What answering-machine detection concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A person speaks.
    Human,
    /// A machine speaks, or has finished its greeting.
    Machine,
    /// A fax tone.
    Fax,
    /// Undecided; treated as a person, since an agent on the line beats a dropped person.
    Unknown,
}
