//! Signers: the accounts whose webhooks are taken, the installation's and organisations' own.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use secrecy::SecretString;
use warmline_engine::{Engine, Error};
use warmline_workflows::TenantId;

/// Whose signatures are taken. Cheap to clone.
#[derive(Clone)]
pub struct Signers {
    engine: Engine,
    account_sid: Arc<str>,
    tokens: Arc<[SecretString]>,
    known: Arc<Mutex<LruCache<(TenantId, String), Known>>>,
}

#[derive(Clone)]
struct Known {
    /// None when the organisation has no such account.
    tokens: Option<Arc<[SecretString]>>,
    looked_up_at: Instant,
}

/// How long an account is taken to be as it was.
const KNOWN_FOR: Duration = Duration::from_secs(30);
/// When a signature does not fit, the token may just have been changed; but whoever sends wrong ones shall not make
/// us look each time.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);
const ACCOUNTS_MAX: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

impl Signers {
    /// Those of the installation's account, and whichever accounts its organisations have.
    #[must_use]
    pub fn new(engine: Engine, account_sid: &str, tokens: Vec<SecretString>) -> Self {
        Self {
            engine,
            account_sid: account_sid.into(),
            tokens: tokens.into(),
            known: Arc::new(Mutex::new(LruCache::new(ACCOUNTS_MAX))),
        }
    }

    /// What the installation's own webhooks are signed with.
    pub(super) fn ours(&self) -> Arc<[SecretString]> {
        Arc::clone(&self.tokens)
    }

    /// What webhooks of an account about an organisation's calls may be signed with; none when they are not taken.
    /// `again` is said when a signature did not fit: then the answer is also none when it would be the same.
    pub(super) async fn tokens(
        &self,
        (tenant, account_sid): (TenantId, &str),
        again: bool,
    ) -> Result<Option<Arc<[SecretString]>>, Error> {
        if account_sid == &*self.account_sid {
            return Ok((!again).then(|| self.ours()));
        }
        let key = (tenant, account_sid.to_owned());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            let age = known.looked_up_at.elapsed();
            if again && age < LOOK_AGAIN_AFTER {
                return Ok(None);
            }
            if !again && age < KNOWN_FOR && (known.tokens.is_some() || age < LOOK_AGAIN_AFTER) {
                return Ok(known.tokens);
            }
        }
        let looked_up_at = Instant::now();
        let line = self.engine.carrier_line_of(tenant, account_sid).await?;
        let tokens = line.map(|line| Arc::from(line.credentials.tokens()));
        let known = Known { tokens: tokens.clone(), looked_up_at };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(key, known);
        Ok(tokens)
    }
}
