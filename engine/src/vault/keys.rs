//! The keys of one organisation: what is sealed, opened and matched with them.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aes_gcm::Aes256Gcm;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::TenantId;

use super::blob::{self, Place, Stored};
use super::master::{self, Secret};
use super::{Encryption, Vault, stored_keys};
use crate::Error;

/// The digest of a number, by which it is matched within its organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PhoneKey(pub(crate) [u8; 16]);

/// What is sealed, opened and matched within one organisation.
pub(crate) struct Keys {
    tenant: TenantId,
    index: Hmac<Sha256>,
    data: Vec<(u16, Aes256Gcm)>,
    /// The key that new values are sealed with; none when they stay plain.
    sealing: Option<u16>,
    looked_up_at: Instant,
    /// Something turned up that was sealed with a key unknown here: there must be newer ones.
    outdated: AtomicBool,
}

/// The first key of an organisation.
const FIRST: u16 = 1;

impl Keys {
    pub(super) fn is_fresh(&self, known_for: Duration) -> bool {
        self.looked_up_at.elapsed() < known_for && !self.outdated.load(Ordering::Relaxed)
    }

    /// The id of the key that new values are sealed with; none when they stay plain.
    pub(crate) fn sealing(&self) -> Option<u16> {
        self.sealing
    }

    /// The digest of a number in E.164.
    pub(crate) fn phone(&self, e164: &str) -> PhoneKey {
        PhoneKey(self.digest(b"phone", e164))
    }

    /// The digest of a word, for search.
    pub(crate) fn word(&self, word: &str) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.digest(b"word", word);
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// What a request is stored under that its client calls by this key: clients make keys of what they know of
    /// people.
    pub(crate) fn request(&self, key: &str) -> String {
        Uuid::from_bytes(self.digest(b"request", key)).simple().to_string()
    }

    fn digest(&self, kind: &[u8], text: &str) -> [u8; 16] {
        let mut mac = self.index.clone();
        mac.update(kind);
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        short
    }

    /// What is stored of a value in its place.
    pub(crate) fn seal(&self, place: Place, value: &impl Serialize) -> Result<Vec<u8>, Error> {
        let mut blob = blob::begin();
        serde_json::to_writer(&mut blob, value).map_err(Error::unreadable("personal data"))?;
        self.finish(place, blob)
    }

    /// What is stored of bytes in their place.
    pub(crate) fn seal_bytes(&self, place: Place, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let mut blob = blob::begin();
        blob.extend_from_slice(bytes);
        self.finish(place, blob)
    }

    fn finish(&self, place: Place, blob: Vec<u8>) -> Result<Vec<u8>, Error> {
        let Some(sealing) = self.sealing else { return Ok(blob::finish_plain(blob)) };
        self.cipher(sealing)
            .and_then(|cipher| blob::seal(blob, place, self.tenant, (sealing, cipher)))
            .ok_or_else(|| unreadable("it cannot be sealed".to_owned()))
    }

    /// The value that was stored in its place.
    pub(crate) fn open<T: DeserializeOwned>(&self, place: Place, stored: &[u8]) -> Result<T, Error> {
        let value = self.open_bytes(place, stored)?;
        serde_json::from_slice(&value).map_err(Error::unreadable("personal data"))
    }

    /// The bytes that were stored in their place.
    pub(crate) fn open_bytes<'a>(&self, place: Place, stored: &'a [u8]) -> Result<Cow<'a, [u8]>, Error> {
        match blob::read(stored) {
            Some(Stored::Plain(value)) => Ok(Cow::Borrowed(value)),
            Some(Stored::Sealed { key_id, rest }) => {
                let Some(cipher) = self.cipher(key_id) else {
                    self.outdated.store(true, Ordering::Relaxed);
                    return Err(unreadable(format!(
                        "it is sealed with the key {key_id}, which is not known"
                    )));
                };
                let value = blob::open(rest, place, self.tenant, (key_id, cipher)).ok_or_else(|| {
                    unreadable(format!("the key {key_id} does not open it, or it is not in its place"))
                })?;
                Ok(Cow::Owned(value))
            }
            None => Err(unreadable("its form is not known".to_owned())),
        }
    }

    /// Whether a stored value is as it would be stored now.
    pub(crate) fn is_present(&self, stored: &[u8]) -> bool {
        match blob::read(stored) {
            Some(Stored::Plain(_)) => self.sealing.is_none(),
            Some(Stored::Sealed { key_id, .. }) => self.sealing == Some(key_id),
            None => false,
        }
    }

    fn cipher(&self, key_id: u16) -> Option<&Aes256Gcm> {
        self.data.iter().find(|(id, _)| *id == key_id).map(|(_, cipher)| cipher)
    }
}

fn unreadable(why: String) -> Error {
    Error::Unreadable { what: "personal data", why }
}

/// Reads the keys of an organisation, and makes the first one where it is missing.
pub(super) async fn look_up(
    vault: &Vault,
    tenant: TenantId,
    index: &Secret,
    connection: &mut PgConnection,
) -> Result<Keys, Error> {
    let looked_up_at = Instant::now();
    let mut keys = Keys {
        tenant,
        index: index_of(tenant, index)?,
        data: Vec::new(),
        sealing: None,
        looked_up_at,
        outdated: AtomicBool::new(false),
    };
    check_index(&keys, connection).await?;
    let mut rows = stored_keys::all(tenant, connection).await?;
    if rows.is_empty() && vault.encryption() == Encryption::On {
        stored_keys::add(vault, tenant, FIRST, Duration::ZERO, connection).await?;
        // Another process may have been quicker: its key counts.
        rows = stored_keys::all(tenant, connection).await?;
    }
    for row in rows {
        match master::unwrap(vault.masters(), tenant, row.key_id, &row.wrapped) {
            Ok(data) => keys.data.push((row.key_id, data.cipher())),
            // Nothing may be sealed with it any more, or, where nothing is sealed, nothing may need it.
            Err(_) if row.retired || vault.encryption() == Encryption::Off => continue,
            Err(error) => return Err(error),
        }
        if row.ripe && !row.retired && vault.encryption() == Encryption::On {
            keys.sealing = Some(row.key_id);
        }
    }
    if keys.sealing.is_none() && vault.encryption() == Encryption::On {
        return Err(unreadable(format!("{tenant} has no key to seal with")));
    }
    Ok(keys)
}

fn index_of(tenant: TenantId, index: &Secret) -> Result<Hmac<Sha256>, Error> {
    let refused = |_| Error::Refused("the index key cannot be used".to_owned());
    let mut mac = Hmac::<Sha256>::new_from_slice(index.expose()).map_err(refused)?;
    mac.update(b"warmline index");
    mac.update(tenant.0.as_bytes());
    Hmac::<Sha256>::new_from_slice(&mac.finalize().into_bytes()).map_err(refused)
}

/// Refuses an index key other than the one that the organisation's numbers were stored with: no number would be
/// found, on the do-not-call list neither.
async fn check_index(keys: &Keys, connection: &mut PgConnection) -> Result<(), Error> {
    let tenant = keys.tenant;
    let mine = keys.digest(b"check", "");
    let known = sqlx::query_scalar!("select index_check from tenants where id = $1", tenant.0)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or_else(|| Error::Refused("there is no such organisation".to_owned()))?;
    let known = match known {
        Some(known) => Some(known),
        None => sqlx::query_scalar!(
            "update tenants set index_check = coalesce(index_check, $2) where id = $1 returning index_check",
            tenant.0,
            mine.as_slice(),
        )
        .fetch_one(&mut *connection)
        .await?,
    };
    if known.as_deref() == Some(mine.as_slice()) {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "the numbers of {tenant} were stored with another index key: is WARMLINE_INDEX_KEY the one it was?"
    )))
}
