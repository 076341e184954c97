//! Debian and Ubuntu packages, downloaded and unpacked by an ordinary user: apt works on private state folders, and
//! Debian's servers run from wherever they are unpacked.

use super::{Cache, tool};
use crate::process::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(super) fn postgres(cache: &Cache) -> Result<(), String> {
    let apt = Apt::open(cache)?;
    // The meta package depends on the distribution's version.
    let depends = apt.run("apt-cache", &["depends", "postgresql"], SHORT)?;
    let version = depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: postgresql-")?.parse::<u32>().ok())
        .ok_or("the package postgresql depends on no version of it")?;
    let (server, client) = (format!("postgresql-{version}"), format!("postgresql-client-{version}"));
    apt.unpack(&[&server, &client, "libpq5"], "apt-postgres")
}

/// `redis-tools` holds the server too, as `redis-check-rdb`; the package `redis-server` only adds a link and a service.
pub(super) fn redis(cache: &Cache) -> Result<(), String> {
    let apt = Apt::open(cache)?;
    apt.unpack(&["redis-tools"], "apt-redis").or_else(|_| apt.unpack(&["valkey-tools"], "apt-redis"))
}

const SHORT: Duration = Duration::from_secs(60);
const LONG: Duration = Duration::from_secs(300);

/// apt on folders of our own.
struct Apt<'a> {
    cache: &'a Cache,
    state: PathBuf,
}

impl<'a> Apt<'a> {
    /// Reads the package lists of the system's sources into our folder.
    fn open(cache: &'a Cache) -> Result<Self, String> {
        let apt = Self { cache, state: cache.folder.join("apt") };
        for folder in ["lists/partial", "cache/archives/partial"] {
            let folder = apt.state.join(folder);
            fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        // One source out of order is reported as a failure of the whole; what counts is whether packages come.
        let updated = apt.run("apt-get", &["-q", "update"], LONG);
        match updated {
            Err(why) if why.contains("No such file") => Err("there is no apt-get".to_owned()),
            _ => Ok(apt),
        }
    }

    /// Downloads the packages and the libraries they miss here, and unpacks them into `name` in the cache.
    fn unpack(&self, packages: &[&str], name: &str) -> Result<(), String> {
        let archives = self.cache.workspace("apt-archives")?;
        let plan = [&["-s", "install", "--no-install-recommends"], packages].concat();
        let plan = self.run("apt-get", &plan, SHORT).unwrap_or_default();
        let missing = plan.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
        let libraries: Vec<_> = missing.filter(|name| is_needed(name) && !packages.contains(name)).collect();

        let mut download = self.command("apt-get");
        download.args(["-q", "download"]).args(packages).args(libraries).current_dir(&archives);
        run(download, LONG)?;

        let root = self.cache.workspace("apt-unpacked")?;
        for archive in fs::read_dir(&archives).map_err(|error| error.to_string())?.flatten() {
            let mut unpack = tool("dpkg-deb");
            unpack.arg("-x").arg(archive.path()).arg(&root);
            run(unpack, SHORT)?;
        }
        let _ = fs::remove_dir_all(&archives);
        self.cache.publish(&root, name)
    }

    fn run(&self, program: &str, args: &[&str], deadline: Duration) -> Result<String, String> {
        let mut command = self.command(program);
        command.args(args);
        run(command, deadline)
    }

    fn command(&self, program: &str) -> Command {
        let folder = |key: &str, path: &Path| format!("{key}={}", path.display());
        let mut command = tool(program);
        for option in [
            folder("Dir::State", &self.state),
            folder("Dir::State::lists", &self.state.join("lists")),
            "Dir::State::status=/var/lib/dpkg/status".to_owned(),
            folder("Dir::Cache", &self.state.join("cache")),
            "Debug::NoLocking=1".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
            "Acquire::Languages=none".to_owned(),
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false".to_owned(),
            "Acquire::http::Timeout=20".to_owned(),
            "Acquire::https::Timeout=20".to_owned(),
            "Acquire::Retries=2".to_owned(),
        ] {
            command.arg("-o").arg(option);
        }
        command
    }
}

/// Of all that a full installation would add, only libraries; LLVM (100 MB) serves the compiler of queries, which
/// stays off.
fn is_needed(package: &str) -> bool {
    let unused =
        ["libllvm", "libz3", "libperl", "libsensors"].iter().any(|prefix| package.starts_with(prefix));
    let is_library = package.starts_with("lib") || package.starts_with("lua-");
    is_library
        && !unused
        && !package.ends_with("-perl")
        && !package.ends_with("-dev")
        && !package.ends_with("-data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_libraries_are_taken_along() {
        let all = "libpq5 libllvm14 libz3-4 libjson-perl ssl-cert libjemalloc2 lua-cjson liblua5.1-0 adduser libpq-dev";
        let taken: Vec<_> = all.split(' ').filter(|name| is_needed(name)).collect();
        assert_eq!(taken, ["libpq5", "libjemalloc2", "lua-cjson", "liblua5.1-0"]);
    }
}
