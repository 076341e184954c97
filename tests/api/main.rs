//! The REST API over HTTP, on a database of its own.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod agents;
mod auth;
mod calls;
mod campaigns;
mod desk;
mod document;
mod events;
mod leads;
mod limits;
mod operations;
mod statistics;
#[path = "../support/mod.rs"]
mod support;
