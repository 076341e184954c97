//! The seed's scenarios, through the real webhooks and the simulated carrier.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod accounts;
mod agents;
mod caller_ids;
mod console;
mod control;
mod hours;
mod outcomes;
mod prices;
mod providers;
mod recordings;
mod softphones;
#[path = "../support/mod.rs"]
mod support;
