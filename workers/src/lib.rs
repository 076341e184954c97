//! The hands: commands are pushed to Redis, performed once each, and come back as events.
//!
//! The only crate that knows Redis and apalis. Redis holds nothing that cannot be rebuilt: a job is
//! the id of a command in Postgres, and a sweep pushes it again when Redis forgot. A worker knows
//! nothing of states: it performs one command and reports what came of it. Start with [`effects`];
//! [`duties`] holds what one process does for all.

pub mod clock;
pub mod context;
pub mod delivery;
pub mod duties;
pub mod effects;
pub mod limiter;
pub mod lines;
pub mod queue;
pub mod relay;
pub mod store;

pub use clock::Clock;
pub use context::{Context, Settings};
