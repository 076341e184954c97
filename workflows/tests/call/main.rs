//! The call machine from the outside: what it does with every event in every state, and what it never
//! does.
//!
//! [`script`] holds the little language the stories are told in, [`promises`] what must hold at every
//! step of every one of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

mod exploration;
mod files;
mod promises;
mod scenarios;
mod script;
mod sequences;
mod snapshots;
mod stage;
mod trace;
mod transitions;
