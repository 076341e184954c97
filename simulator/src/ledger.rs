//! The ledger: what the carrier really did, durable and append-only.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::books::Books;
use crate::error::Error;
use crate::fact::Line;
use crate::record::{CallRecord, ConferenceRecord, RecordingRecord, WebhookRecord};

/// The carrier's memory: a JSON line per fact, and the records they add up to.
///
/// A line is handed to the operating system before anything acts on it. There is no fsync: a
/// killed process loses nothing, a machine that loses power may lose the last lines.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    file: Option<File>,
    books: Books,
}

impl Ledger {
    /// Every call the carrier was ever given, in order of creation.
    pub fn calls(&self) -> Vec<CallRecord> {
        self.lock().books.calls.clone()
    }

    /// One call.
    pub fn call(&self, sid: &str) -> Option<CallRecord> {
        self.lock().books.call(sid).cloned()
    }

    /// Every conference, in order of creation.
    pub fn conferences(&self) -> Vec<ConferenceRecord> {
        self.lock().books.conferences.clone()
    }

    /// Every recording, in order of creation.
    pub fn recordings(&self) -> Vec<RecordingRecord> {
        self.lock().books.recordings.clone()
    }

    /// Every request to the customer that was made, in the order in which they were over.
    pub fn webhooks(&self) -> Vec<WebhookRecord> {
        self.lock().books.webhooks.clone()
    }

    /// Opens a ledger file and reads what is in it, or starts one in memory only. A last line cut
    /// short by a kill is dropped; any other line that does not read is an error.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let mut books = Books::default();
        let file = match path {
            None => None,
            Some(path) => Some(load(path, &mut books)?),
        };
        Ok(Self { inner: Arc::new(Mutex::new(Inner { file, books })) })
    }

    /// Appends a fact, and folds it into the records once it is written.
    pub(crate) fn write(&self, line: Line) -> io::Result<()> {
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        let mut inner = self.lock();
        if let Some(file) = &mut inner.file {
            // The file has no buffer of ours: this is one write to the operating system.
            file.write_all(text.as_bytes())?;
        }
        inner.books.apply(line);
        Ok(())
    }

    /// Reads from the books under the lock; what is returned must be owned and quickly made.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Books) -> T) -> T {
        read(&self.lock().books)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(path: &Path, books: &mut Books) -> Result<File, Error> {
    let failed = |source| Error::Ledger { path: path.to_owned(), source };
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(failed)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    if whole < bytes.len() {
        bytes.truncate(whole);
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
    }
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let line = serde_json::from_slice(line).map_err(|source| Error::LedgerLine {
            path: path.to_owned(),
            line: index + 1,
            source,
        })?;
        books.apply(line);
    }
    Ok(file)
}
