//! Sessions that were seen lately, so that not every request asks the database whether a login stands.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use warmline_engine::identity::sessions::Standing;
use warmline_engine::{Engine, Error};
use warmline_workflows::{SessionId, TenantId};

/// How long an answer is trusted: a logout, a new role or a lock is felt everywhere after this.
const TRUSTED_FOR: Duration = Duration::from_secs(30);
const SESSIONS_MAX: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();

type Seen = LruCache<(TenantId, SessionId), (Instant, Option<Standing>)>;

/// The sessions that were asked about lately.
#[derive(Clone)]
pub(crate) struct Sessions(Arc<Mutex<Seen>>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(SESSIONS_MAX))))
    }
}

impl Sessions {
    /// Whose a session is; none when it is over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn standing(
        &self,
        engine: &Engine,
        tenant: TenantId,
        session: SessionId,
    ) -> Result<Option<Standing>, Error> {
        if let Some((at, standing)) = self.seen().get(&(tenant, session))
            && at.elapsed() < TRUSTED_FOR
        {
            return Ok(standing.clone());
        }
        let standing = engine.session(tenant, session).await?;
        self.seen().put((tenant, session), (Instant::now(), standing.clone()));
        Ok(standing)
    }

    /// Forgets a session, so that the next request asks.
    pub(crate) fn forget(&self, tenant: TenantId, session: SessionId) {
        self.seen().pop(&(tenant, session));
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
