//! The vault: what is known of people is sealed before it reaches the database, and opened after.
//!
//! Each organisation has data keys of its own, stored under a master key that is not in the database. A number is
//! matched by its digest under an index key, which is separate from both and not in the database either. Start
//! with [`Vault`]; `Keys` are those of one organisation.

mod blob;
mod keys;
mod master;
mod person;
pub(crate) mod stored_keys;
mod words;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use sqlx::PgConnection;
use warmline_workflows::TenantId;

use crate::Error;

pub(crate) use blob::Place;
pub(crate) use keys::{Keys, PhoneKey};
pub use master::{MasterKey, Secret};
pub(crate) use person::Callee;
pub use person::Person;

/// The keys of an installation, and those of its organisations as they are needed. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    /// The newest first; new data keys are stored under that one.
    masters: Vec<MasterKey>,
    index: Secret,
    encryption: Encryption,
    known_for: Duration,
    tenants: RwLock<HashMap<TenantId, Arc<Keys>>>,
}

/// Whether what is stored from now on is sealed. What was sealed can be read either way, with its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// It is.
    On,
    /// It is stored as it is.
    Off,
    /// Nothing is stored or read: no keys were given.
    Locked,
}

/// How long a process goes on with the keys it knows before it looks for new ones.
const KNOWN_FOR: Duration = Duration::from_secs(60);
/// Digests numbers where no index key is given. No secret: without encryption there is nothing to keep.
const PUBLIC_INDEX_KEY: [u8; 32] = *b"warmline: numbers are not secret";

impl Vault {
    /// A vault that seals. `masters` are the newest first; the older ones still open what they closed.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no master key.
    pub fn sealing(masters: Vec<MasterKey>, index: Secret) -> Result<Self, Error> {
        if masters.is_empty() {
            return Err(Error::Refused("sealing needs a master key".to_owned()));
        }
        Ok(Self::with(masters, index, Encryption::On))
    }

    /// A vault that stores things as they are, and opens what was sealed if the keys are given.
    #[must_use]
    pub fn plain(masters: Vec<MasterKey>, index: Option<Secret>) -> Self {
        Self::with(masters, index.unwrap_or(Secret::new(PUBLIC_INDEX_KEY)), Encryption::Off)
    }

    /// A vault without keys: whoever needs one gets an error. For what never touches personal data.
    #[must_use]
    pub fn locked() -> Self {
        Self::with(Vec::new(), Secret::new(PUBLIC_INDEX_KEY), Encryption::Locked)
    }

    /// The same, with keys looked up anew after another time than a minute.
    #[must_use]
    pub fn looking_up_after(self, known_for: Duration) -> Self {
        let Inner { masters, index, encryption, .. } = &*self.0;
        let (masters, index, encryption) = (masters.clone(), index.clone(), *encryption);
        Self(Arc::new(Inner { masters, index, encryption, known_for, tenants: RwLock::default() }))
    }

    fn with(masters: Vec<MasterKey>, index: Secret, encryption: Encryption) -> Self {
        let tenants = RwLock::default();
        Self(Arc::new(Inner { masters, index, encryption, known_for: KNOWN_FOR, tenants }))
    }

    /// Whether what is stored from now on is sealed.
    #[must_use]
    pub fn encryption(&self) -> Encryption {
        self.0.encryption
    }

    pub(crate) fn masters(&self) -> &[MasterKey] {
        &self.0.masters
    }

    /// How long another process may go on without knowing of a new key.
    pub(crate) fn known_for(&self) -> Duration {
        self.0.known_for
    }

    /// The keys of an organisation, if they were looked up not long ago.
    pub(crate) fn known(&self, tenant: TenantId) -> Option<Arc<Keys>> {
        let tenants = self.0.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.get(&tenant).filter(|keys| keys.is_fresh(self.0.known_for)).cloned()
    }

    pub(crate) fn forget(&self, tenant: TenantId) {
        self.0.tenants.write().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }

    /// The keys of an organisation, made at the first use. On a connection that looks over all organisations and
    /// is in no transaction: what was sealed with a key that is rolled back could never be opened.
    pub(crate) async fn keys(
        &self,
        tenant: TenantId,
        connection: &mut PgConnection,
    ) -> Result<Arc<Keys>, Error> {
        if let Some(keys) = self.known(tenant) {
            return Ok(keys);
        }
        if self.0.encryption == Encryption::Locked {
            return Err(Error::Refused("personal data is locked: this process was given no keys".to_owned()));
        }
        let keys = Arc::new(keys::look_up(self, tenant, &self.0.index, connection).await?);
        let mut tenants = self.0.tenants.write().unwrap_or_else(PoisonError::into_inner);
        tenants.insert(tenant, Arc::clone(&keys));
        Ok(keys)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({:?})", self.0.encryption)
    }
}
