//! The secret of an endpoint: what proves that a delivery is ours.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use warmline_workflows::EndpointId;

use crate::Error;
use crate::vault::{Keys, Place};

/// A secret, sealed at rest.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Bytes of a new secret: as many as the signature's digest has.
const LENGTH_BYTES: usize = 32;
const PREFIX: &str = "whsec_";

impl Secret {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random::<[u8; LENGTH_BYTES]>().to_vec())
    }

    /// As its owner keeps it: `whsec_` and Base64.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The key of the signature.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What its column holds. The present secret and the previous one have one place, for the one becomes the other.
    pub(super) fn seal(&self, keys: &Keys, endpoint: EndpointId) -> Result<Vec<u8>, Error> {
        keys.seal(Place::endpoint(endpoint), &self.shown())
    }

    /// Opens what [`Secret::seal`] gave.
    pub(crate) fn open(keys: &Keys, endpoint: EndpointId, sealed: &[u8]) -> Result<Self, Error> {
        let shown: String = keys.open(Place::endpoint(endpoint), sealed)?;
        let bytes = shown.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        let why = || Error::Unreadable { what: "secret of an endpoint", why: "it is none".to_owned() };
        bytes.map(Self).ok_or_else(why)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
