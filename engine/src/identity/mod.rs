//! Identity: who logs in, and for how long.
//!
//! Passwords and tokens never come here, only their hashes. All times are machine time.

pub mod api_keys;
pub mod invitations;
pub mod operators;
pub mod sessions;
pub mod throttle;
pub mod tickets;
pub mod users;
