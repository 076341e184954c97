//! Private Postgres and Redis for `warmline dev`, the demo and the tests: found or fetched, started and stopped; and
//! whether [`node`] is there to build the console with.
//!
//! Nothing has to be installed or running, no port is opened (both servers listen on a Unix socket in a folder that
//! only their owner may enter), and nothing on the machine is changed outside the folders of [`Home`].
//!
//! ```no_run
//! # fn main() -> Result<(), warmline_embedded::Error> {
//! use warmline_embedded::{Home, Postgres, Profile, Redis};
//!
//! let home = Home::for_project("dev");
//! let postgres = Postgres::start(&home, Profile::Durable, &mut |line| eprintln!("{line}"))?;
//! let redis = Redis::start(&home, &mut |line| eprintln!("{line}"))?;
//! let (database_url, redis_url) = (postgres.url("postgres"), redis.url());
//! # drop((database_url, redis_url));
//! # Ok(())
//! # }
//! ```
//!
//! Where to start reading: [`Postgres::start`], then `binaries` (where servers come from) and `process` (how they
//! are made to end with us). Blocking throughout: async callers use a blocking task.
//!
//! Settings, all optional: `WARMLINE_PG_BIN` and `WARMLINE_REDIS_BIN` name the servers to use, `WARMLINE_HOME` the
//! folder for their data, `WARMLINE_CACHE` the folder for fetched binaries.

mod binaries;
mod error;
mod fetch;
mod home;
mod janitor;
mod lock;
pub mod node;
mod owner;
mod postgres;
mod process;
mod redis;
#[expect(unsafe_code, reason = "signals and the death of a parent; the only module that may")]
mod sys;
mod wire;

pub use error::Error;
pub use home::Home;
pub use janitor::Janitor;
pub use postgres::{Postgres, Profile};
pub use redis::Redis;

/// Where progress lines go: one short sentence each, without a newline.
pub type Notify<'a> = &'a mut dyn FnMut(&str);

/// Makes sure that both servers' binaries are on this machine, fetching what is missing, and starts nothing.
///
/// # Errors
/// When a server is neither found nor can be fetched; the message says what to install.
pub fn provision(home: &Home, notify: Notify<'_>) -> Result<(), Error> {
    let search = home.search()?;
    binaries::postgres(&search, None, notify)?;
    binaries::redis(&search, notify)?;
    Ok(())
}
