//! The last resort for Redis: a small stand-in that cargo, which is always here, can build.

use super::{Cache, tool};
use crate::process::run;
use std::time::Duration;

/// Pinned: newer ones are not known to run the job queue's scripts.
const VERSION: &str = "0.15.0";

pub(super) fn meebis(cache: &Cache) -> Result<(), String> {
    let mut install = tool("cargo");
    install
        .args(["install", "meebis", "--locked", "--version", VERSION, "--root"])
        .arg(cache.folder.join("meebis"));
    run(install, Duration::from_secs(900)).map(|_| ())
}
