//! Runs: an import is performed, from its file to its leads, by whoever claims it.
//!
//! One thread reads, while a task stores what was read before. What is stored moves the import on in the same
//! commit; whoever takes over after a death begins there.

use std::io::{self, Read};
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use warmline_engine::imports::Options;
use warmline_engine::imports::run::{Held, LEASE};
use warmline_engine::{Engine, Error as EngineError};
use warmline_workflows::import::Status;
use warmline_workflows::{ImportId, TenantId};

use super::error::Error;
use super::header::Mapping;
use super::limits::Limits;
use super::pieces::{Piece, position};
use super::rows::{Position, Rows, Terms};
use super::upload::Refusal;

/// Pieces that were read and wait to be stored; each takes a few megabytes.
const PIECES_AHEAD: usize = 1;
/// Chunks of the file that wait to be read.
const CHUNKS_AHEAD: usize = 2;
/// An import that could not be performed is tried again after this.
const PAUSE: Duration = Duration::from_secs(5);

/// What an importer needs to know.
#[derive(Clone)]
pub struct Importer {
    /// Where imports are stored.
    pub engine: Engine,
    /// The most that is taken of a file.
    pub limits: Limits,
    /// Told when the process is to end: an import is then left to others, at the end of a batch.
    pub stop: CancellationToken,
}

impl Importer {
    /// Performs an import that waits for a worker, or deletes its leads if it is being undone. Does nothing
    /// when somebody else does it, or there is nothing to do. `now` is the business time from which on its
    /// leads are due.
    ///
    /// # Errors
    /// When the database does not do it; the import is then taken up again later.
    pub async fn perform(
        &self,
        tenant: TenantId,
        import: ImportId,
        now: impl Fn() -> Timestamp + Send,
    ) -> Result<(), EngineError> {
        let Some(held) = self.engine.claim_import(tenant, import).await? else { return Ok(()) };
        let done = match held.import.status {
            Status::Undoing => self.undo(&held).await,
            _ => self.run(&held, now).await,
        };
        if let Err(error) = &done {
            self.engine.put_back_import(&held, PAUSE, &error.to_string()).await?;
        }
        done
    }

    async fn undo(&self, held: &Held) -> Result<(), EngineError> {
        while self.engine.delete_import_leads(held).await? {
            if self.stop.is_cancelled() {
                return self.leave(held).await;
            }
            if !self.engine.renew_import(held).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn run(&self, held: &Held, now: impl Fn() -> Timestamp + Send) -> Result<(), EngineError> {
        let (chunks, file) = mpsc::channel(CHUNKS_AHEAD);
        let feeder = tokio::spawn(feed(self.engine.clone(), held.clone(), chunks));
        let (pieces, mut read) = mpsc::channel(PIECES_AHEAD);
        let (options, limits) = (held.import.options.clone(), self.limits);
        let from = position(held.import.position.as_ref());
        let (engine, tenant, runtime) = (self.engine.clone(), held.tenant, Handle::current());
        let reader = tokio::task::spawn_blocking(move || {
            read_pieces(Chunks::new(file), (&options, &limits), from, |mut piece| {
                let sealed = engine.seal_candidates(tenant, &piece.batch.candidates);
                piece.batch.sealed = runtime.block_on(sealed)?;
                Ok(pieces.blocking_send(piece).is_ok())
            })
        });
        let mut beat = tokio::time::interval(LEASE / 4);
        loop {
            tokio::select! {
                piece = read.recv() => {
                    let Some(piece) = piece else { break };
                    if self.stop.is_cancelled() {
                        return self.leave(held).await;
                    }
                    if !self.engine.store_batch(held, &piece.batch, now(), |fates| piece.kept(fates)).await? {
                        return Ok(());
                    }
                }
                _ = beat.tick() => {
                    if self.stop.is_cancelled() {
                        return self.leave(held).await;
                    }
                    if !self.engine.renew_import(held).await? {
                        return Ok(());
                    }
                }
            }
        }
        let stopped = |error: tokio::task::JoinError| {
            EngineError::Refused(format!("the reader of the file ended by itself: {error}"))
        };
        let read = reader.await.map_err(stopped)?;
        // That the database did not give the file out is no fault of the file.
        feeder.await.map_err(stopped)??;
        match read {
            Ok(end) => {
                let position =
                    serde_json::to_value(end).map_err(|error| EngineError::Refused(error.to_string()))?;
                self.engine.end_import(held, Ok(()), Some(position), now()).await?
            }
            Err(Refusal::File(error)) => {
                self.engine.end_import(held, Err(&error.to_string()), None, now()).await?
            }
            Err(Refusal::Engine(error)) => return Err(error),
        };
        Ok(())
    }

    /// Leaves an import to others.
    async fn leave(&self, held: &Held) -> Result<(), EngineError> {
        self.engine.put_back_import(held, Duration::ZERO, "").await
    }
}

/// Reads a file to its end, or until nobody wants its pieces any more, and says where that is.
fn read_pieces(
    file: impl Read,
    (options, limits): (&Options, &Limits),
    from: Option<Position>,
    mut hand_on: impl FnMut(Piece) -> Result<bool, EngineError>,
) -> Result<Position, Refusal> {
    let mapping = options.mapping.as_ref().map(Mapping::new).transpose()?;
    let terms = Terms { default_country: &options.default_country, mapping: mapping.as_ref(), limits };
    let mut rows = Rows::open(file, terms)?;
    if let Some(from) = from {
        rows.go_to(from)?;
    }
    loop {
        let (piece, error) = Piece::read(&mut rows, limits.batch_rows);
        // What was read before an error is stored all the same: that is what the error says.
        let is_end = piece.is_none();
        if let Some(piece) = piece
            && !hand_on(piece)?
        {
            return Ok(rows.position());
        }
        match error {
            Some(error) => return Err(error.into()),
            None if is_end && rows.position().rows == 0 => return Err(Error::NoRows.into()),
            None if is_end => return Ok(rows.position()),
            None => {}
        }
    }
}

/// Hands the chunks of a file to its reader.
async fn feed(
    engine: Engine,
    held: Held,
    chunks: mpsc::Sender<io::Result<Vec<u8>>>,
) -> Result<(), EngineError> {
    for place in 0..held.import.chunks {
        let chunk = match engine.import_chunk(held.tenant, held.import.id, place).await {
            Ok(Some(chunk)) => Ok(chunk),
            // It was cancelled; or else the next batch finds out what is wrong.
            Ok(None) => Err(io::Error::other("a part of it is gone")),
            Err(error) => {
                let _gone = chunks.send(Err(io::Error::other(error.to_string()))).await;
                return Err(error);
            }
        };
        let is_last = chunk.is_err();
        if chunks.send(chunk).await.is_err() || is_last {
            break;
        }
    }
    Ok(())
}

/// A file in chunks, for a reader that waits for them.
struct Chunks {
    chunks: mpsc::Receiver<io::Result<Vec<u8>>>,
    chunk: io::Cursor<Vec<u8>>,
}

impl Chunks {
    fn new(chunks: mpsc::Receiver<io::Result<Vec<u8>>>) -> Self {
        Self { chunks, chunk: io::Cursor::default() }
    }
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let len = self.chunk.read(into)?;
            if len > 0 || into.is_empty() {
                return Ok(len);
            }
            match self.chunks.blocking_recv() {
                Some(chunk) => self.chunk = io::Cursor::new(chunk?),
                None => return Ok(0),
            }
        }
    }
}
