//! Master keys: they seal the data keys of organisations, and are kept outside the database.

use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use warmline_workflows::TenantId;

use crate::Error;

/// 256 bits that are never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Takes it over.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new one, from the system's randomness.
    pub(crate) fn random() -> Self {
        Self(rand::random())
    }

    pub(crate) const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A master key and the name it goes by, which stands beside what it has sealed.
#[derive(Clone)]
pub struct MasterKey {
    id: String,
    key: Secret,
}

const NONCE_BYTES: usize = 12;

impl MasterKey {
    /// A key by the name of `id`: 1 to 32 letters, digits, hyphens and underscores.
    ///
    /// # Errors
    /// [`Error::Refused`] for another name.
    pub fn new(id: &str, key: Secret) -> Result<Self, Error> {
        let named = (1..=32).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if named {
            Ok(Self { id: id.to_owned(), key })
        } else {
            Err(Error::Refused("a master key is named by 1 to 32 letters, digits, - and _".to_owned()))
        }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Seals a data key: length and name of this key, nonce, ciphertext.
    pub(super) fn wrap(&self, tenant: TenantId, key_id: u16, data: &Secret) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: data.expose(), aad: &aad(tenant, key_id) };
        let sealed = self
            .key
            .cipher()
            .encrypt(&nonce.into(), payload)
            .map_err(|_| Error::Refused("a data key cannot be sealed".to_owned()))?;
        let length = u8::try_from(self.id.len()).unwrap_or(u8::MAX);
        Ok([&[length], self.id.as_bytes(), &nonce, &sealed].concat())
    }

    /// Whether this key sealed a data key.
    pub(super) fn has_wrapped(&self, wrapped: &[u8]) -> bool {
        split(wrapped).is_some_and(|(id, _)| id == self.id.as_bytes())
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

/// Opens a data key with the one of the master keys that sealed it.
pub(super) fn unwrap(
    masters: &[MasterKey],
    tenant: TenantId,
    key_id: u16,
    wrapped: &[u8],
) -> Result<Secret, Error> {
    let unreadable = |why: String| Error::Unreadable { what: "data key", why };
    let (id, rest) = split(wrapped).ok_or_else(|| unreadable("it is cut short".to_owned()))?;
    let named = String::from_utf8_lossy(id);
    let master = masters.iter().find(|master| master.has_wrapped(wrapped)).ok_or_else(|| {
        unreadable(format!("it is sealed under the master key \"{named}\", which this process was not given"))
    })?;
    let wrong = || unreadable(format!("the master key \"{named}\" is not the one that sealed it"));
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(wrong)?;
    let payload = Payload { msg: sealed, aad: &aad(tenant, key_id) };
    let data = master.key.cipher().decrypt(&(*nonce).into(), payload).map_err(|_| wrong())?;
    Ok(Secret(data.try_into().map_err(|_| wrong())?))
}

/// The name of the master key, and what follows it.
fn split(wrapped: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = wrapped.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

/// Ties a data key to its place.
fn aad(tenant: TenantId, key_id: u16) -> Vec<u8> {
    [b"warmline data key".as_slice(), tenant.0.as_bytes(), &key_id.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_data_key_is_opened_in_its_place_by_its_master_key_alone() {
        let key = |id, byte| MasterKey::new(id, Secret([byte; 32])).unwrap();
        let (tenant, data) = (TenantId(Uuid::from_u128(1)), Secret([7; 32]));
        let wrapped = key("old", 1).wrap(tenant, 3, &data).unwrap();
        let open = |masters: &[MasterKey], tenant, key_id| unwrap(masters, tenant, key_id, &wrapped);
        assert_eq!(open(&[key("new", 2), key("old", 1)], tenant, 3).unwrap(), data);
        assert!(open(&[key("old", 1)], tenant, 4).is_err());
        assert!(open(&[key("old", 1)], TenantId(Uuid::from_u128(2)), 3).is_err());
        let said = |masters: &[MasterKey]| open(masters, tenant, 3).unwrap_err().to_string();
        assert!(said(&[key("new", 1)]).contains("which this process was not given"));
        assert!(said(&[key("old", 2)]).contains("is not the one that sealed it"));
        for length in 0..wrapped.len() {
            assert!(unwrap(&[key("old", 1)], tenant, 3, &wrapped[..length]).is_err());
        }
        assert!(MasterKey::new("", data.clone()).is_err() && MasterKey::new("a:b", data).is_err());
    }
}
