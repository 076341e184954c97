//! A private Postgres: one folder, one server, one Unix socket.

use crate::binaries::{self, PostgresBinaries};
use crate::error::{At, Error};
use crate::home::Home;
use crate::lock::Lock;
use crate::owner::Owner;
use crate::process::{self, Leftover, Server};
use crate::wire::Connection;
use crate::{Notify, home};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What the data is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Survives power cuts: every commit reaches the disk.
    Durable,
    /// For tests: several times faster, and lost when the machine stops. Killing the server alone loses nothing.
    Scratch,
}

/// A running private Postgres, stopped when dropped. Its only user is `warmline`, a superuser without a password:
/// the socket's folder lets nobody else in.
#[derive(Debug)]
pub struct Postgres {
    server: Option<Server>,
    binaries: PostgresBinaries,
    owner: Owner,
    place: Place,
    profile: Profile,
    _lock: Lock,
}

/// Its files.
#[derive(Debug)]
struct Place {
    data: PathBuf,
    sockets: PathBuf,
    log: PathBuf,
}

/// A new cluster takes a second; replaying the log after a crash may take minutes, and says so.
const READY_PATIENCE: Duration = Duration::from_secs(300);
const STOP_PATIENCE: Duration = Duration::from_secs(30);
const SOCKET: &str = ".s.PGSQL.5432";

impl Postgres {
    /// Starts the Postgres of `home` and returns when it serves: a second at the first start, a tenth of one later.
    /// `notify` hears of everything that takes longer.
    ///
    /// # Errors
    /// When no binaries can be had, another live process runs it, its data is of another major version, or it does
    /// not start; the message says what to do.
    pub fn start(home: &Home, profile: Profile, notify: Notify<'_>) -> Result<Self, Error> {
        let search = home.search()?;
        search.owner.open_folder(home.path())?;
        let lock = Lock::take(home.path(), "Postgres")?;
        let place = Place {
            data: home.path().join("postgres"),
            sockets: home.socket_folder(&search.owner, SOCKET),
            log: home.path().join("postgres.log"),
        };
        let written_by = version_of(&place.data);
        let binaries = binaries::postgres(&search, written_by, notify)?;
        if let Some(written_by) = written_by.filter(|major| *major != binaries.major) {
            return Err(Error::OtherVersion { data: place.data, written_by, found: binaries.major });
        }
        let mut this = Self { server: None, binaries, owner: search.owner, place, profile, _lock: lock };
        home::start_log(&this.place.log)?;
        this.owner.private_folder(&this.place.sockets)?;
        this.end_leftover(notify)?;
        if written_by.is_none() {
            this.create_cluster()?;
        }
        this.launch(notify)?;
        Ok(this)
    }

    /// Where to connect, in the form that sqlx and psql read.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let folder = home::url_encoded(&self.place.sockets);
        format!("postgres://warmline@localhost:5432/{database}?host={folder}&sslmode=disable")
    }

    /// A shell line that opens a session.
    #[must_use]
    pub fn psql_hint(&self, database: &str) -> String {
        let near = self.binaries.folder.join("psql");
        let psql = if near.is_file() { near } else { PathBuf::from("psql") };
        let libraries = self.binaries.libraries.as_ref();
        let libraries =
            libraries.map(|path| format!("LD_LIBRARY_PATH='{}' ", path.display())).unwrap_or_default();
        format!("{libraries}{} '{}'", psql.display(), self.url(database))
    }

    /// Runs a script, as one transaction unless it holds a single statement, and discards its rows.
    ///
    /// # Errors
    /// What Postgres objects to, with the position in the script.
    pub fn execute(&self, database: &str, sql: &str) -> Result<(), Error> {
        Connection::open(&self.place.sockets.join(SOCKET), database)?.execute(sql)
    }

    /// The folder of its programs: `postgres`, `initdb`, often `psql` and `pgbench`.
    #[must_use]
    pub fn bin_folder(&self) -> &Path {
        &self.binaries.folder
    }

    /// The value of `LD_LIBRARY_PATH` that programs in [`Self::bin_folder`] need, if they need one.
    #[must_use]
    pub fn library_path(&self) -> Option<&std::ffi::OsStr> {
        self.binaries.libraries.as_deref()
    }

    /// Its log, for error messages.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.place.log
    }

    /// The number of the server's main process, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.server.as_ref().map(Server::id)
    }

    /// Shuts it down in an orderly way. The data stays; [`Self::restart`] brings it back.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.stop(STOP_PATIENCE);
        }
    }

    /// `kill -9`, for tests of what survives.
    pub fn kill_hard(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill();
        }
    }

    /// Stops it if it runs, and starts it again on the same data and address.
    ///
    /// # Errors
    /// When it does not come up again.
    pub fn restart(&mut self, notify: Notify<'_>) -> Result<(), Error> {
        self.stop();
        self.launch(notify)
    }

    /// Ends a server that outlived the process that had started it, and clears the note of one that is gone.
    fn end_leftover(&self, notify: Notify<'_>) -> Result<(), Error> {
        let note = self.place.data.join("postmaster.pid");
        let Some(pid) = process::noted_in(&note) else { return Ok(()) };
        let (mark, log) = (&*self.place.data, &*self.place.log);
        let leftover = Leftover { name: "Postgres", pid, mark, log };
        if leftover.runs() {
            return leftover.end(notify);
        }
        // Postgres would take any process of its user that has this number for itself.
        match fs::remove_file(&note) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).at("remove", &note),
            _ => Ok(()),
        }
    }

    /// Prepared under another name and renamed, so that an interrupted one is never taken for a database.
    fn create_cluster(&self) -> Result<(), Error> {
        let draft = self.place.data.with_extension("new");
        if draft.exists() {
            fs::remove_dir_all(&draft).at("remove", &draft)?;
        }
        self.owner.private_folder(&draft)?;
        let mut initdb = self.binaries.command("initdb");
        initdb
            .args(["-U", "warmline", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&draft);
        self.owner.apply(&mut initdb);
        process::run(initdb, Duration::from_secs(120)).map_err(|why| {
            let hint = if why.contains("effective user") {
                ". Postgres needs a user that /etc/passwd knows: run as one, or use a Postgres of your own"
            } else {
                ""
            };
            Error::Failed {
                what: format!("could not create a database cluster: {why}{hint}"),
                log: String::new(),
            }
        })?;
        fs::rename(&draft, &self.place.data).at("name", &self.place.data)
    }

    fn launch(&mut self, notify: Notify<'_>) -> Result<(), Error> {
        let start = Instant::now();
        let mut told = Duration::ZERO;
        let mut server = self.spawn()?;
        while start.elapsed() < READY_PATIENCE {
            if self.serves(&server) {
                self.server = Some(server);
                return Ok(());
            }
            if let Some(status) = server.ended() {
                let log = process::tail(&self.place.log);
                // Children of a killed server take a moment to notice; until then its memory counts as in use.
                if log.contains("shared memory block") && start.elapsed() < STOP_PATIENCE {
                    std::thread::sleep(Duration::from_millis(200));
                    server = self.spawn()?;
                    continue;
                }
                return Err(Error::Failed { what: format!("Postgres {}", process::describe(status)), log });
            }
            if start.elapsed() >= told + Duration::from_secs(5) {
                told = start.elapsed();
                notify(&format!(
                    "Postgres is getting ready ({} s; after a crash it replays its log)",
                    told.as_secs()
                ));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        server.stop(Duration::from_secs(5));
        let what = format!("Postgres was not ready after {} s", READY_PATIENCE.as_secs());
        Err(Error::Failed { what, log: process::tail(&self.place.log) })
    }

    fn spawn(&self) -> Result<Server, Error> {
        let mut command = self.binaries.command("postgres");
        command.arg("-D").arg(&self.place.data).arg("-k").arg(&self.place.sockets);
        let profile = match self.profile {
            Profile::Durable => DURABLE,
            Profile::Scratch => SCRATCH,
        };
        for setting in COMMON.iter().chain(profile) {
            command.args(["-c", setting]);
        }
        Server::spawn(command, &self.owner, &self.place.log)
    }

    /// Its own note says `ready` in the eighth line, and a session can be opened.
    fn serves(&self, server: &Server) -> bool {
        let note = fs::read_to_string(self.place.data.join("postmaster.pid")).unwrap_or_default();
        let mut lines = note.lines();
        lines.next().is_some_and(|pid| pid.trim() == server.id().to_string())
            && lines.nth(6).is_some_and(|state| state.trim() == "ready")
            && Connection::open(&self.place.sockets.join(SOCKET), "postgres").is_ok()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Sized for a machine with two cores that does other work too.
const COMMON: &[&str] = &[
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
    "autovacuum=on",
    // Short queries only: compiling them costs more than it gains, and the fetched binaries leave LLVM out.
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_destination=stderr",
    "logging_collector=off",
    "log_line_prefix=%m [%p] ",
];

const DURABLE: &[&str] = &["fsync=on", "synchronous_commit=on", "full_page_writes=on"];

const SCRATCH: &[&str] =
    &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "checkpoint_timeout=30min"];

/// The major version that wrote the data; `None` when there is none yet.
fn version_of(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leftover_is_stopped_and_a_stale_note_ignored() {
        let home = Home::scratch().unwrap();
        let start = || {
            let mut said = Vec::new();
            let postgres = Postgres::start(&home, Profile::Scratch, &mut |line| said.push(line.to_owned()));
            (postgres.unwrap(), said.join("; "))
        };
        let (mut abandoned, _) = start();
        let mut server = abandoned.server.take().unwrap();
        drop(abandoned);

        let (mut postgres, said) = start();
        assert!(said.contains(&format!("left over from an earlier run (process {})", server.id())), "{said}");
        assert!(server.ended().is_some_and(|status| status.success()), "it was shut down, not killed");

        // The number of a process that lives and is no Postgres: this one.
        postgres.kill_hard();
        let note = postgres.place.data.join("postmaster.pid");
        let text = fs::read_to_string(&note).unwrap();
        let (_, rest) = text.split_once('\n').unwrap();
        fs::write(&note, format!("{}\n{rest}", std::process::id())).unwrap();
        drop(postgres);
        let (postgres, said) = start();
        assert_eq!(said, "");
        postgres.execute("postgres", "select 1").unwrap();
    }
}
