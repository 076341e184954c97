//! What can go wrong between wanting a server and having one, said so that the reader knows what to do.

use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Why a private server could not be found, started or used.
#[derive(Debug)]
pub enum Error {
    /// A file or process operation failed; `what` names it and its path.
    Io { what: String, source: io::Error },
    /// A setting points at something that cannot be used.
    Setting { variable: &'static str, value: PathBuf, why: String },
    /// The server is not on this machine and could not be fetched; `tried` has one line per attempt.
    Missing { server: &'static str, tried: Vec<String>, advice: String },
    /// Another live process runs the server on the same folder.
    InUse { server: &'static str, folder: PathBuf, holder: String },
    /// The data was written by another major version than every Postgres found here.
    OtherVersion { data: PathBuf, written_by: u32, found: u32 },
    /// The server ended, or did not become ready; `log` is the tail of its log.
    Failed { what: String, log: String },
    /// The running server refused a statement.
    Refused(String),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { what, source } => write!(out, "could not {what}: {source}"),
            Self::Setting { variable, value, why } => {
                write!(out, "{variable}={} cannot be used: {why}", value.display())
            }
            Self::Missing { server, tried, advice } => {
                writeln!(out, "{server} is not on this machine and could not be fetched:")?;
                tried.iter().try_for_each(|line| writeln!(out, "  - {line}"))?;
                write!(out, "{advice}")
            }
            Self::InUse { server, folder, holder } => write!(
                out,
                "the private {server} in {} already belongs to {holder}; stop that process, or use another folder by \
                 setting WARMLINE_HOME",
                folder.display()
            ),
            Self::OtherVersion { data, written_by, found } => write!(
                out,
                "the data in {data} was written by Postgres {written_by}, but the one found here is {found}; nothing \
                 was changed. Install Postgres {written_by} (or set WARMLINE_PG_BIN to its bin folder), carry the data \
                 over with its pg_dumpall, or move the folder away to start with an empty database",
                data = data.display()
            ),
            Self::Failed { what, log } if log.is_empty() => write!(out, "{what}"),
            Self::Failed { what, log } => write!(out, "{what}; the end of its log:\n{log}"),
            Self::Refused(why) => write!(out, "Postgres refused: {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Names the operation and the path when an I/O call fails: `fs::read(p).at("read", p)?`.
pub(crate) trait At<T> {
    fn at(self, verb: &str, path: &Path) -> Result<T, Error>;
    fn doing(self, what: &str) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, verb: &str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io { what: format!("{verb} {}", path.display()), source })
    }

    fn doing(self, what: &str) -> Result<T, Error> {
        self.map_err(|source| Error::Io { what: what.to_owned(), source })
    }
}
