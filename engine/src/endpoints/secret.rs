//! The secret of an endpoint: what proves that a delivery is ours.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Error;

/// A secret, shown when it is made and never again.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Bytes of a new secret: as many as the signature's digest has.
const LENGTH_BYTES: usize = 32;

impl Secret {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random::<[u8; LENGTH_BYTES]>().to_vec())
    }

    /// The bytes that the column holds.
    pub(super) fn stored(&self) -> Vec<u8> {
        self.0.clone()
    }

    /// Reads what [`Secret::stored`] gave.
    pub(crate) fn read(stored: Vec<u8>) -> Result<Self, Error> {
        if stored.is_empty() {
            return Err(Error::Unreadable { what: "secret of an endpoint", why: "it is empty".to_owned() });
        }
        Ok(Self(stored))
    }

    /// As its owner keeps it: `whsec_` and Base64.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }

    /// The key of the signature.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
