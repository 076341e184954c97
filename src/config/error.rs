//! What is wrong with the configuration, in one line for whoever starts the program.

use std::fmt;

use super::variable::Variable;

/// The longest part of a value that is shown.
const SHOWN_CHARS: usize = 80;

/// A setting that is missing or wrong. Renders as one line that names the variable, what was found
/// (never of a secret) and what is expected, such as
/// `PORT: "eighty" is not a port: expected a number from 1 to 65535`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {found}: expected {expected}")]
pub struct Error {
    /// The name of the variable.
    pub variable: &'static str,
    found: Found,
    expected: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Nothing,
    NothingBut(&'static str),
    Text { shown: String, is: String },
    Hidden { is: String },
}

impl Error {
    /// It is not set, and must be for what is being done.
    pub(super) const fn missing(variable: &Variable) -> Self {
        Self { variable: variable.name, found: Found::Nothing, expected: variable.format }
    }

    /// It is not set, although another one is that is useless without it.
    pub(super) const fn missing_beside(variable: &Variable, other: &Variable) -> Self {
        Self { variable: variable.name, found: Found::NothingBut(other.name), expected: variable.format }
    }

    /// It is set to something else than expected; `is` continues a sentence that begins with the text.
    pub(super) fn wrong(variable: &Variable, text: &str, is: impl Into<String>) -> Self {
        // A text with an `@` may be a URL that holds a password; without a text there is nothing to show.
        let found = if variable.secret || text.contains('@') || text.is_empty() {
            Found::Hidden { is: is.into() }
        } else {
            Found::Text { shown: text.chars().take(SHOWN_CHARS).collect(), is: is.into() }
        };
        Self { variable: variable.name, found, expected: variable.format }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("not set"),
            Self::NothingBut(other) => write!(f, "not set, although {other} is"),
            // Quoted as in code, so that a line break in the value does not make two lines of this one.
            Self::Text { shown, is } => write!(f, "{shown:?} {is}"),
            Self::Hidden { is } => write!(f, "its value, which is not shown, {is}"),
        }
    }
}
