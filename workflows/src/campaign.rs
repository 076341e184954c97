//! Campaigns: whether one is being dialed.

use crate::words::words;

words! {
    /// Where a campaign stands.
    pub enum Status, "campaign status" {
        /// Being prepared; nobody is dialed.
        Draft = "draft",
        /// Leads are dialed as the rules allow.
        Active = "active",
        /// No new dials until it is resumed; calls in flight run to their end.
        Paused = "paused",
        /// Ended by a person: no new dials, and a call that is still ringing is not connected.
        Stopped = "stopped",
        /// Ended by itself: no lead is left to call.
        Finished = "finished",
    }
}
