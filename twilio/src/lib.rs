//! Twilio on the wire, and the only crate with Twilio's words.
//!
//! Outwards: [`client`] places and steers legs, [`documents`] renders what a leg should hear (written
//! with [`twiml`]), [`callback`] puts our ids into every URL we hand out,
//! [`softphone`] lets browsers in. Inwards: [`form`] reads a
//! body, [`signature`] proves who sent it, [`webhook`] turns it into a typed payload that carries our
//! ids. It knows nothing of databases, queues, states or web servers, and it decides nothing: every
//! answer of the carrier becomes one word of a closed set, and what to do about it is decided elsewhere.
//! In what compatible carriers differ stands in [`dialect`]. Start with [`client::Placement`] and [`webhook::Webhook`].

mod words;

pub mod answered_by;
pub mod base;
pub mod callback;
pub mod client;
pub mod dialect;
pub mod documents;
pub mod form;
pub mod hook;
pub mod signature;
pub mod softphone;
pub mod status;
pub mod twiml;
pub mod webhook;

pub use answered_by::AnsweredBy;
pub use base::{check_base, requested_url};
pub use callback::Callback;
pub use client::Client;
pub use dialect::Dialect;
pub use form::Form;
pub use hook::Hook;
pub use status::CallStatus;
pub use webhook::Webhook;
