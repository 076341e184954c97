//! Calls kept in memory by one committer, written back with a version check.

use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;
use sha2::{Digest, Sha256};
use warmline_workflows::CallId;
use warmline_workflows::call::{Call, Plan};

use super::Key;
use crate::vault::PhoneKey;

/// A call as the committer holds it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) plan: Arc<Plan>,
    pub(crate) phone: PhoneKey,
    pub(crate) call: Arc<Call>,
    pub(crate) version: u32,
    pub(crate) seen: Seen,
}

/// The keys of the events a call has taken: eight bytes of a digest each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen(pub(crate) Vec<u8>);

/// Keys remembered per call; a call has a few dozen events, so the oldest are long settled.
const SEEN_MAX: usize = 512;
const KEY_BYTES: usize = 8;

impl Seen {
    fn digest(key: &Key) -> [u8; KEY_BYTES] {
        let digest = Sha256::digest(key.0.as_bytes());
        let mut short = [0; KEY_BYTES];
        short.copy_from_slice(&digest[..KEY_BYTES]);
        short
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        let digest = Self::digest(key);
        self.0.chunks_exact(KEY_BYTES).any(|taken| taken == digest)
    }

    pub(crate) fn insert(&mut self, key: &Key) {
        if self.0.len() >= SEEN_MAX * KEY_BYTES {
            self.0.drain(..KEY_BYTES);
        }
        self.0.extend_from_slice(&Self::digest(key));
    }
}

/// The calls a committer holds, the least recently used given up first.
pub(crate) struct Cache(LruCache<CallId, Held>);

impl Cache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(LruCache::new(NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN)))
    }

    pub(crate) fn get(&mut self, call: CallId) -> Option<&Held> {
        self.0.get(&call)
    }

    pub(crate) fn put(&mut self, call: CallId, held: Held) {
        self.0.put(call, held);
    }

    pub(crate) fn forget(&mut self, call: CallId) {
        self.0.pop(&call);
    }
}
