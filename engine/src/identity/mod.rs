//! Identity: who logs in, and for how long.
//!
//! Passwords and tokens never come here, only their hashes. All times are machine time.

pub mod sessions;
pub mod throttle;
pub mod users;
