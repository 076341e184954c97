//! Signers: the accounts whose webhooks are taken, the installation's and organisations' own.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use secrecy::SecretString;
use warmline_engine::carriers::Line;
use warmline_engine::{Engine, Error};
use warmline_twilio::dialect::Signature;
use warmline_workers::lines;
use warmline_workflows::TenantId;

/// Whose signatures are taken. Cheap to clone.
#[derive(Clone)]
pub struct Signers {
    engine: Engine,
    account_sid: Arc<str>,
    ours: Signer,
    known: Arc<Mutex<LruCache<(TenantId, String), Known>>>,
}

/// How webhooks of an account are signed.
#[derive(Clone)]
pub struct Signer {
    /// The keys, the present one first.
    pub tokens: Arc<[SecretString]>,
    /// Whose header the signature is in.
    pub signature: Signature,
}

#[derive(Clone)]
struct Known {
    /// None when the organisation has no such account.
    signer: Option<Signer>,
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
    pub fn new(engine: Engine, account_sid: &str, ours: Signer) -> Self {
        Self {
            engine,
            account_sid: account_sid.into(),
            ours,
            known: Arc::new(Mutex::new(LruCache::new(ACCOUNTS_MAX))),
        }
    }

    /// How the installation's own webhooks are signed.
    pub(super) const fn ours(&self) -> &Signer {
        &self.ours
    }

    /// How webhooks of an account about an organisation's calls may be signed; none when they are not taken.
    /// `again` is said when a signature did not fit: then the answer is also none when it would be the same.
    pub(super) async fn signer(
        &self,
        (tenant, account_sid): (TenantId, &str),
        again: bool,
    ) -> Result<Option<Signer>, Error> {
        if account_sid == &*self.account_sid {
            return Ok((!again).then(|| self.ours.clone()));
        }
        let key = (tenant, account_sid.to_owned());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            let age = known.looked_up_at.elapsed();
            if again && age < LOOK_AGAIN_AFTER {
                return Ok(None);
            }
            if !again && age < KNOWN_FOR && (known.signer.is_some() || age < LOOK_AGAIN_AFTER) {
                return Ok(known.signer);
            }
        }
        let looked_up_at = Instant::now();
        let line = self.engine.carrier_line_of(tenant, account_sid).await?;
        let signer = line.map(|line| self.of(&line)).transpose()?;
        let known = Known { signer: signer.clone(), looked_up_at };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(key, known);
        Ok(signer)
    }

    fn of(&self, line: &Line) -> Result<Signer, Error> {
        let signature = match &line.account.elsewhere {
            None => self.ours.signature,
            Some(place) => lines::elsewhere(place.clone())?.dialect.signature,
        };
        Ok(Signer { tokens: line.credentials.tokens().into(), signature })
    }
}
