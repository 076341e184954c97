//! A stored value: plain, or sealed under a data key and tied to the place where it stands.
//!
//! ```text
//! plain:   0, value
//! sealed:  1, key id (2 bytes), nonce (12), ciphertext, tag (16)
//! ```

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::AeadInOut;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use warmline_workflows::{CallId, CarrierId, EndpointId, ImportId, LeadId, TenantId};

use super::keys::PhoneKey;

const PLAIN: u8 = 0;
const SEALED: u8 = 1;
const NONCE_AT: usize = 3;
const VALUE_AT: usize = NONCE_AT + 12;
const TAG_BYTES: usize = 16;

/// Where a value stands. Moved to another row, column, table or organisation it cannot be opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    table: &'static str,
    column: &'static str,
    row: [u8; 16],
}

impl Place {
    /// What is known of a lead.
    pub(crate) const fn lead(lead: LeadId) -> Self {
        Self::of("leads", "person", lead.0)
    }

    /// Whom a call is to.
    pub(crate) const fn call(call: CallId) -> Self {
        Self::of("calls", "person", call.0)
    }

    /// What was noted during a call.
    pub(crate) const fn note(call: CallId) -> Self {
        Self::of("call_notes", "notes", call.0)
    }

    /// A number on the do-not-call list.
    pub(crate) const fn listed(phone: PhoneKey) -> Self {
        Self { table: "dnc_list", column: "phone", row: phone.0 }
    }

    /// What deliveries to an endpoint are signed with.
    pub(crate) const fn endpoint(endpoint: EndpointId) -> Self {
        Self::of("webhook_endpoints", "secret", endpoint.0)
    }

    /// What requests on an organisation's own carrier account are made with.
    pub(crate) const fn carrier(carrier: CarrierId) -> Self {
        Self::of("carrier_accounts", "credentials", carrier.0)
    }

    /// A piece of a file of leads.
    pub(crate) const fn chunk(import: ImportId) -> Self {
        Self::of("import_chunks", "bytes", import.0)
    }

    /// What is kept of a row of a file of leads.
    pub(crate) const fn import_row(import: ImportId) -> Self {
        Self::of("import_rows", "body", import.0)
    }

    /// The answer to a request that may be repeated.
    pub(crate) fn answer(actor: Uuid, key: &str) -> Self {
        let digest: [u8; 32] = Sha256::new().chain_update(actor).chain_update(key).finalize().into();
        let mut row = [0; 16];
        row.copy_from_slice(&digest[..16]);
        Self { table: "idempotent_requests", column: "body", row }
    }

    const fn of(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row: row.into_bytes() }
    }

    fn aad(&self, tenant: TenantId, key_id: u16) -> Vec<u8> {
        let mut aad = Vec::with_capacity(64);
        aad.extend_from_slice(tenant.0.as_bytes());
        aad.extend_from_slice(&self.row);
        aad.extend_from_slice(&key_id.to_be_bytes());
        aad.extend_from_slice(self.table.as_bytes());
        aad.push(b'.');
        aad.extend_from_slice(self.column.as_bytes());
        aad
    }
}

/// A value with room for what is put before it; written into by [`std::io::Write`].
pub(super) fn begin() -> Vec<u8> {
    let mut blob = Vec::with_capacity(256);
    blob.resize(VALUE_AT, PLAIN);
    blob
}

/// Ends a value that stays plain.
pub(super) fn finish_plain(mut blob: Vec<u8>) -> Vec<u8> {
    blob.drain(1..VALUE_AT);
    blob
}

/// Seals a value; none when it is too long to be sealed, many gigabytes.
pub(super) fn seal(
    mut blob: Vec<u8>,
    place: Place,
    tenant: TenantId,
    (key_id, cipher): (u16, &Aes256Gcm),
) -> Option<Vec<u8>> {
    let nonce: [u8; VALUE_AT - NONCE_AT] = rand::random();
    let (head, value) = blob.split_at_mut_checked(VALUE_AT)?;
    let tag = cipher.encrypt_inout_detached(&nonce.into(), &place.aad(tenant, key_id), value.into()).ok()?;
    let [high, low] = key_id.to_be_bytes();
    head[..NONCE_AT].copy_from_slice(&[SEALED, high, low]);
    head[NONCE_AT..].copy_from_slice(&nonce);
    blob.extend_from_slice(&tag);
    Some(blob)
}

/// A stored value, taken apart.
pub(super) enum Stored<'a> {
    Plain(&'a [u8]),
    Sealed { key_id: u16, rest: &'a [u8] },
}

pub(super) fn read(blob: &[u8]) -> Option<Stored<'_>> {
    match blob {
        [PLAIN, value @ ..] => Some(Stored::Plain(value)),
        [SEALED, high, low, rest @ ..] => {
            Some(Stored::Sealed { key_id: u16::from_be_bytes([*high, *low]), rest })
        }
        _ => None,
    }
}

/// Opens what follows the key's id; none when it was not sealed by this key for this place.
pub(super) fn open(
    rest: &[u8],
    place: Place,
    tenant: TenantId,
    (key_id, cipher): (u16, &Aes256Gcm),
) -> Option<Vec<u8>> {
    let (nonce, sealed) = rest.split_first_chunk::<{ VALUE_AT - NONCE_AT }>()?;
    let (value, tag) = sealed.split_last_chunk::<TAG_BYTES>()?;
    let mut value = value.to_vec();
    let aad = place.aad(tenant, key_id);
    cipher
        .decrypt_inout_detached(&(*nonce).into(), &aad, value.as_mut_slice().into(), &(*tag).into())
        .ok()?;
    Some(value)
}
