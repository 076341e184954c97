//! Recordings: where the sound of a conversation is.

use crate::words::words;

words! {
    /// What has become of a recording.
    pub enum Status, "status of a recording" {
        /// It is complete at the carrier, and not in the store yet.
        AtCarrier = "at_carrier",
        /// It is in the store.
        Stored = "stored",
        /// The carrier does not have it any more, and it never came into the store.
        Missing = "missing",
        /// It is to be deleted wherever it is.
        ToErase = "to_erase",
        /// It is deleted.
        Erased = "erased",
    }
}
