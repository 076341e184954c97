//! The hub: what happens in an organisation is read once for all its live connections to this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use tokio::sync::broadcast;
use warmline_engine::feed::{Cursor, Entry, From as Since, Page};
use warmline_engine::{Engine, Error};
use warmline_workflows::{AgentId, TenantId};

use super::message;

/// How often it looks. A person waits at the end of it, and somebody on the telephone behind that person.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// Entries read at once.
pub(super) const BATCH: u32 = 500;
/// Batches that a slow connection may be behind; then it reads on by itself.
const BEHIND_MAX: usize = 64;

/// Entries of the feed, ready to be told.
pub(super) struct Batch {
    pub(super) entries: Vec<Entry>,
    /// Whose business each is, if an agent's.
    pub(super) agents: Vec<Option<AgentId>>,
    /// Where to read on after them.
    pub(super) next: Cursor,
    /// All of them, as they are told to whoever may know of everything.
    pub(super) text: Utf8Bytes,
}

impl Batch {
    pub(super) fn of(page: Page) -> Result<Self, serde_json::Error> {
        let agents = page.entries.iter().map(|entry| agent(entry.data.get())).collect();
        let text = message::events(&page.entries.iter().collect::<Vec<_>>(), page.next)?;
        Ok(Self { entries: page.entries, agents, next: page.next, text })
    }
}

/// The agent that an entry names.
fn agent(data: &str) -> Option<AgentId> {
    #[derive(Deserialize)]
    struct Named {
        agent_id: Option<AgentId>,
    }
    serde_json::from_str::<Named>(data).ok()?.agent_id
}

/// The readers of this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hub {
    engine: Engine,
    readers: Arc<Mutex<HashMap<TenantId, broadcast::Sender<Arc<Batch>>>>>,
}

impl Hub {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, readers: Arc::default() }
    }

    /// What is read of an organisation's feed from some moment before this one on.
    pub(super) fn listen(&self, tenant: TenantId) -> broadcast::Receiver<Arc<Batch>> {
        let mut readers = self.readers();
        if let Some(reader) = readers.get(&tenant) {
            return reader.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND_MAX);
        readers.insert(tenant, sender.clone());
        tokio::spawn(self.clone().read(tenant, sender));
        receiver
    }

    /// Reads for as long as anybody listens.
    async fn read(self, tenant: TenantId, sender: broadcast::Sender<Arc<Batch>>) {
        let mut since = Since::Now;
        loop {
            match self.read_once(tenant, since).await {
                Ok((batch, more)) => {
                    since = Since::After(batch.next);
                    if !batch.entries.is_empty() {
                        let _nobody = sender.send(Arc::new(batch));
                    }
                    if !more {
                        tokio::time::sleep(LOOK_EVERY).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the feed was not read for live connections; it is read again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            // Nobody can begin to listen in between.
            let mut readers = self.readers();
            if sender.receiver_count() == 0 {
                readers.remove(&tenant);
                return;
            }
        }
    }

    async fn read_once(&self, tenant: TenantId, since: Since) -> Result<(Batch, bool), Error> {
        let page = self.engine.events_after(tenant, since, &[], BATCH).await?;
        let more = page.more;
        Ok((Batch::of(page).map_err(|error| Error::Refused(error.to_string()))?, more))
    }

    fn readers(&self) -> MutexGuard<'_, HashMap<TenantId, broadcast::Sender<Arc<Batch>>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
