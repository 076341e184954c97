//! Why a simulator does not start.

use std::io;
use std::path::PathBuf;

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger file cannot be opened or read.
    #[error("the simulator's ledger {path} cannot be opened: {source}", path = path.display())]
    Ledger { path: PathBuf, source: io::Error },
    /// A line of the ledger file cannot be understood.
    #[error(
        "line {line} of the simulator's ledger {path} is not a ledger line ({source}); \
         move the file away to start afresh", path = path.display()
    )]
    LedgerLine { path: PathBuf, line: usize, source: serde_json::Error },
    /// The listener has no address.
    #[error("the simulator's listener has no local address: {0}")]
    Listener(io::Error),
    /// A setting has no meaning.
    #[error("the simulator's setting `{name}` {problem}")]
    Setting { name: &'static str, problem: &'static str },
    /// No HTTP client could be made.
    #[error("the simulator cannot make an HTTP client: {0}")]
    Client(reqwest::Error),
}
