//! The REST API over HTTP, on a database of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

mod account;
mod agents;
mod api_keys;
mod audio;
mod auth;
mod calls;
mod campaigns;
mod document;
mod events;
mod examples;
mod home;
mod imports;
mod invitations;
mod leads;
mod limits;
mod live;
mod operations;
mod recordings;
mod softphones;
mod statistics;
#[path = "../support/mod.rs"]
mod support;
mod tenants;
mod users;
mod walls;

use support::desk;
