//! Imports of leads: where one stands, what its rows come to, and what a known number means to it.

use crate::words::words;

words! {
    /// Where an import stands.
    pub enum Status, "import status" {
        /// Its file is on its way here.
        Uploading = "uploading",
        /// Its file is here; a worker will take it.
        Queued = "queued",
        /// A worker reads its rows.
        Running = "running",
        /// Every row has its outcome.
        Finished = "finished",
        /// It came to an early end; leads from before that stay.
        Failed = "failed",
        /// Somebody ended it early; leads from before that stay.
        Cancelled = "cancelled",
        /// Its leads are being deleted.
        Undoing = "undoing",
        /// Its leads were deleted.
        Undone = "undone",
    }
}

impl Status {
    /// Whether nothing more is going to happen by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled | Self::Undone)
    }
}

words! {
    /// What becomes of a row whose number the campaign has already. It is counted as a duplicate in any case.
    #[derive(Default)]
    pub enum Duplicates, "policy for duplicates" {
        /// The lead stays as it is.
        #[default]
        Skip = "skip",
        /// What the lead has no value for is taken from the row.
        UpdateBlanks = "update_blanks",
        /// What the row has a value for replaces the lead's.
        Overwrite = "overwrite",
    }
}

words! {
    /// What can become of a row. Every row has exactly one.
    pub enum Outcome, "outcome of a row" {
        /// Stored, and to be called.
        Valid = "valid",
        /// Not stored: something is wrong with it.
        Invalid = "invalid",
        /// Not stored as a lead of its own: the number is known already.
        Duplicate = "duplicate",
        /// Stored, and not to be called: the number is on the do-not-call list, or the row says so.
        DoNotCall = "do_not_call",
    }
}
