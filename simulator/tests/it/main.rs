//! The simulator over real HTTP, seen from the customer's side.

mod conversation;
mod documents;
mod faults;
mod ledger;
mod outcomes;
mod queue;
mod rest;
#[expect(clippy::unwrap_used, clippy::panic, reason = "a rig that does not stand is a failed test")]
mod rig;
mod webhooks;
