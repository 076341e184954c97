//! The REST API over HTTP, on a database of its own.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod auth;
mod campaigns;
mod desk;
mod document;
mod events;
mod imports;
mod leads;
mod limits;
mod operations;
#[path = "../support/mod.rs"]
mod support;
