//! Finding server binaries: what a setting names, what the system has, what was fetched before, what can be fetched.

use crate::error::Error;
use crate::owner::Owner;
use crate::{Notify, fetch, process};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

/// The oldest Postgres whose SQL and settings we use.
const POSTGRES_MAJOR_MIN: u32 = 15;
/// The oldest Redis whose commands the job queue's scripts use.
const REDIS_MIN: (u32, u32) = (6, 2);

/// On whose behalf to look, and where.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) owner: Owner,
    pub(crate) cache: PathBuf,
    pub(crate) scope: Scope,
}

/// Whether the system's own servers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Everywhere,
    /// Only the cache and what can be fetched: lets a machine with servers play one without.
    FetchOnly,
}

impl Scope {
    pub(crate) fn from_environment() -> Self {
        match env::var_os("WARMLINE_EMBEDDED_SEARCH") {
            Some(value) if value == "fetch-only" => Self::FetchOnly,
            _ => Self::Everywhere,
        }
    }
}

/// A folder with `postgres` and `initdb` that work for the owner.
#[derive(Clone, Debug)]
pub(crate) struct PostgresBinaries {
    pub(crate) folder: PathBuf,
    pub(crate) libraries: Option<OsString>,
    pub(crate) major: u32,
}

impl PostgresBinaries {
    pub(crate) fn command(&self, program: &str) -> Command {
        bare(&self.folder.join(program), self.libraries.as_ref())
    }
}

/// A program that serves Redis's protocol on a Unix socket.
#[derive(Clone, Debug)]
pub(crate) struct RedisBinary {
    program: PathBuf,
    /// Debian's `redis-check-rdb` is the server under another name and goes by the name it is called.
    called: Option<&'static str>,
    libraries: Option<OsString>,
    pub(crate) kind: RedisKind,
}

/// Which options the program understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedisKind {
    /// Redis or Valkey.
    Server,
    /// The in-memory stand-in that cargo can build.
    Meebis,
}

impl RedisBinary {
    pub(crate) fn command(&self) -> Command {
        let mut command = bare(&self.program, self.libraries.as_ref());
        if let Some(name) = self.called {
            command.arg0(name);
        }
        command
    }
}

/// The best Postgres for `search`; with `major`, only one that can read the data of that version.
pub(crate) fn postgres(
    search: &Search,
    major: Option<u32>,
    notify: Notify<'_>,
) -> Result<PostgresBinaries, Error> {
    let probe = |folder: &Path| probe_postgres(search, folder);
    if let Some(folder) = setting("WARMLINE_PG_BIN") {
        return probe(&folder).map_err(|why| Error::Setting {
            variable: "WARMLINE_PG_BIN",
            value: folder,
            why: format!("{why}; it must be the folder that holds postgres and initdb"),
        });
    }
    let mut other = None;
    let mut accept = |found: PostgresBinaries| {
        if major.is_none_or(|major| major == found.major) {
            return Some(found);
        }
        other.get_or_insert(found);
        None
    };
    let system = if search.scope == Scope::Everywhere { system_postgres() } else { Vec::new() };
    let cached = cached_postgres(&search.cache);
    if let Some(found) =
        system.iter().chain(&cached).filter_map(|folder| probe(folder).ok()).find_map(&mut accept)
    {
        return Ok(found);
    }
    // Of another major version: fetching would bring what the system has, so the caller explains.
    if let Some(found) = other {
        return Ok(found);
    }
    fetch::postgres(search, notify, || {
        cached_postgres(&search.cache).iter().find_map(|folder| probe(folder).ok())
    })
}

/// The best Redis for `search`.
pub(crate) fn redis(search: &Search, notify: Notify<'_>) -> Result<RedisBinary, Error> {
    if let Some(program) = setting("WARMLINE_REDIS_BIN") {
        return probe_redis(search, &program).map_err(|why| Error::Setting {
            variable: "WARMLINE_REDIS_BIN",
            value: program,
            why: format!("{why}; it must be a redis-server or valkey-server program"),
        });
    }
    let system = if search.scope == Scope::Everywhere { system_redis() } else { Vec::new() };
    let first =
        |programs: Vec<PathBuf>| programs.iter().find_map(|program| probe_redis(search, program).ok());
    if let Some(found) = first(system).or_else(|| first(cached_redis(&search.cache))) {
        return Ok(found);
    }
    fetch::redis(search, notify, || first(cached_redis(&search.cache)))
}

/// Runs it as the user who will serve: that finds missing libraries and folders he may not enter.
fn probe_postgres(search: &Search, folder: &Path) -> Result<PostgresBinaries, String> {
    let mut found = PostgresBinaries { folder: folder.to_owned(), libraries: libraries_of(folder), major: 0 };
    for program in ["initdb", "postgres"] {
        let mut command = found.command(program);
        command.arg("--version");
        search.owner.apply(&mut command);
        let answer = process::run(command, Duration::from_secs(10))?;
        found.major = version_in(&answer).ok_or_else(|| format!("{program} answers {answer:?}"))?.0;
    }
    if found.major < POSTGRES_MAJOR_MIN {
        return Err(format!("it is Postgres {}, at least {POSTGRES_MAJOR_MIN} is needed", found.major));
    }
    Ok(found)
}

fn probe_redis(search: &Search, program: &Path) -> Result<RedisBinary, String> {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let (called, kind) = match &*name {
        "redis-check-rdb" => (Some("redis-server"), RedisKind::Server),
        "valkey-check-rdb" => (Some("valkey-server"), RedisKind::Server),
        "meebis" => (None, RedisKind::Meebis),
        _ => (None, RedisKind::Server),
    };
    let found = RedisBinary { program: program.to_owned(), called, libraries: libraries_of(program), kind };
    let mut command = found.command();
    command.arg("--version");
    search.owner.apply(&mut command);
    let answer = process::run(command, Duration::from_secs(10))?;
    if kind == RedisKind::Meebis {
        return Ok(found);
    }
    // "Redis server v=7.0.15 sha=...": the checking tool called by its own name would not say so.
    let version = answer.split_once("server v=").and_then(|(_, version)| version_in(version));
    match version {
        Some(version) if version >= REDIS_MIN => Ok(found),
        Some((major, minor)) => Err(format!("it is version {major}.{minor}, at least 6.2 is needed")),
        None => Err(format!("it answers {:?}", answer.trim())),
    }
}

/// An empty environment: a stray PGDATA or locale must not change what a server does.
fn bare(program: &Path, libraries: Option<&OsString>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
    if let Some(libraries) = libraries {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    command
}

fn setting(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Where the package managers put Postgres, newest version first, then what PATH leads to.
fn system_postgres() -> Vec<PathBuf> {
    let patterns = [
        ("/usr/lib/postgresql", "", "bin"),                      // Debian, Ubuntu
        ("/usr", "pgsql-", "bin"),                               // RPMs of the project
        ("/usr/lib", "postgresql", "bin"),                       // openSUSE
        ("/usr/libexec", "postgresql", ""),                      // Alpine
        ("/opt/homebrew/opt", "postgresql", "bin"),              // Homebrew
        ("/usr/local/opt", "postgresql", "bin"),                 // Homebrew on Intel
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"), // Homebrew on Linux
    ];
    let mut folders: Vec<_> = patterns
        .iter()
        .flat_map(|(parent, prefix, below)| versions(Path::new(parent), prefix, below))
        .collect();
    // Often a link to a folder that has initdb too, while the folder of the link has not.
    let resolved =
        |folder: PathBuf| Some(fs::canonicalize(folder.join("postgres")).ok()?.parent()?.to_owned());
    folders.extend(path_folders().filter_map(resolved));
    folders
}

fn cached_postgres(cache: &Path) -> Vec<PathBuf> {
    let mut folders = versions(&cache.join("apt-postgres/usr/lib/postgresql"), "", "bin");
    folders.push(cache.join("npm-postgres/native/bin"));
    folders.retain(|folder| folder.is_dir());
    folders
}

fn system_redis() -> Vec<PathBuf> {
    let folders: Vec<_> = path_folders()
        .chain(["/usr/bin", "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from))
        .collect();
    let names = ["redis-server", "valkey-server", "redis-check-rdb", "valkey-check-rdb"];
    let programs = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.filter(|program| program.is_file()).collect()
}

fn cached_redis(cache: &Path) -> Vec<PathBuf> {
    let names =
        ["apt-redis/usr/bin/redis-check-rdb", "apt-redis/usr/bin/valkey-check-rdb", "meebis/bin/meebis"];
    names.iter().map(|name| cache.join(name)).filter(|program| program.is_file()).collect()
}

fn path_folders() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).filter(|folder| folder.is_absolute()).collect::<Vec<_>>().into_iter()
}

/// `parent/<prefix><number>/below`, highest number first.
fn versions(parent: &Path, prefix: &str, below: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let rest = name.strip_prefix(prefix)?.trim_start_matches(['@', '-']);
            let number = if rest.is_empty() && !prefix.is_empty() { 0 } else { rest.parse().ok()? };
            Some((number, entry.path().join(below)))
        })
        .filter(|(_, folder)| folder.join("postgres").is_file())
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// Binaries unpacked from Debian packages bring libraries along: `<root>/usr/lib/<machine>` and `<root>/lib/<machine>`.
fn libraries_of(inside: &Path) -> Option<OsString> {
    let root = inside.ancestors().find(|folder| {
        folder.file_name().is_some_and(|name| name == "apt-postgres" || name == "apt-redis")
    })?;
    let machines =
        ["usr/lib", "lib"].into_iter().flat_map(|lib| fs::read_dir(root.join(lib)).into_iter().flatten());
    let folders = machines.flatten().map(|entry| entry.path());
    env::join_paths(folders.filter(|folder| folder.to_string_lossy().contains("-linux-"))).ok()
}

/// The first number with its minor part: (15, 18) in "postgres (PostgreSQL) 15.18 (Debian)", (18, 0) in "18beta1".
fn version_in(answer: &str) -> Option<(u32, u32)> {
    let number =
        |text: &str| text.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
    let start = answer.find(|c: char| c.is_ascii_digit())?;
    let rest = &answer[start..];
    let minor = rest.split_once('.').and_then(|(_, minor)| number(minor));
    Some((number(rest)?, minor.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_answer() {
        for (answer, expect) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some((15, 18))),
            ("postgres (PostgreSQL) 18beta1", Some((18, 0))),
            ("7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0", Some((7, 0))),
            ("initdb: command not found", None),
        ] {
            assert_eq!(version_in(answer), expect, "{answer}");
        }
    }

    #[test]
    fn the_highest_version_comes_first_by_number() {
        let home = crate::Home::scratch().unwrap();
        for name in ["9", "14", "17", "doc", "postgresql@16", "postgresql", "postgresql@9"] {
            fs::create_dir_all(home.path().join(name).join("bin")).unwrap();
            fs::write(home.path().join(name).join("bin/postgres"), "").unwrap();
        }
        let names = |prefix: &str| -> Vec<String> {
            let found = versions(home.path(), prefix, "bin");
            found
                .iter()
                .map(|f| f.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(""), ["17", "14", "9"]);
        assert_eq!(names("postgresql"), ["postgresql@16", "postgresql@9", "postgresql"]);
    }
}
