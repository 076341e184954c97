//! The wire against recorded signatures, recorded webhooks, an XML parser and a real HTTP server.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod client;
mod server;
mod signature;
mod twiml;
mod webhooks;
