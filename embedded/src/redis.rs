//! A private Redis: one folder, one server, one Unix socket.

use crate::Notify;
use crate::binaries::{self, RedisBinary, RedisKind};
use crate::error::Error;
use crate::home::{self, Home};
use crate::lock::Lock;
use crate::owner::Owner;
use crate::process::{self, Leftover, Server};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A running private Redis (or Valkey, or the stand-in), stopped when dropped. It keeps an append-only log and never
/// evicts a key.
#[derive(Debug)]
pub struct Redis {
    server: Option<Server>,
    binary: RedisBinary,
    owner: Owner,
    data: PathBuf,
    socket: PathBuf,
    log: PathBuf,
    _lock: Lock,
}

const READY_PATIENCE: Duration = Duration::from_secs(60);
const STOP_PATIENCE: Duration = Duration::from_secs(15);
const SOCKET: &str = "redis.sock";

impl Redis {
    /// Starts the Redis of `home` and returns when it serves.
    ///
    /// # Errors
    /// When no binary can be had, another live process runs it, or it does not start; the message says what to do.
    pub fn start(home: &Home, notify: Notify<'_>) -> Result<Self, Error> {
        let search = home.search()?;
        search.owner.open_folder(home.path())?;
        let lock = Lock::take(home.path(), "Redis")?;
        let binary = binaries::redis(&search, notify)?;
        let sockets = home.socket_folder(&search.owner, SOCKET);
        let data = home.path().join("redis");
        let log = home.path().join("redis.log");
        home::start_log(&log)?;
        search.owner.private_folder(&sockets)?;
        search.owner.private_folder(&data)?;
        let socket = sockets.join(SOCKET);
        let mut this = Self { server: None, binary, owner: search.owner, data, socket, log, _lock: lock };
        this.end_leftover(notify)?;
        this.launch()?;
        Ok(this)
    }

    /// Where to connect, in the form that the redis crate reads.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis+unix://{}", home::url_encoded(&self.socket))
    }

    /// A shell line that opens a session.
    #[must_use]
    pub fn cli_hint(&self) -> String {
        format!("redis-cli -s '{}'", self.socket.display())
    }

    /// The number of the server's process, while it runs.
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
    pub fn restart(&mut self) -> Result<(), Error> {
        self.stop();
        self.launch()
    }

    /// Ends a server that outlived the process that had started it. Its title names its socket.
    fn end_leftover(&self, notify: Notify<'_>) -> Result<(), Error> {
        let Some(pid) = process::noted_in(&self.data.join("redis.pid")) else { return Ok(()) };
        let leftover = Leftover { name: "Redis", pid, mark: &self.socket, log: &self.log };
        if leftover.runs() { leftover.end(notify) } else { Ok(()) }
    }

    fn launch(&mut self) -> Result<(), Error> {
        let mut server = Server::spawn(self.command(), &self.owner, &self.log)?;
        let start = Instant::now();
        while start.elapsed() < READY_PATIENCE {
            if self.serves() {
                self.server = Some(server);
                return Ok(());
            }
            if let Some(status) = server.ended() {
                let what = format!("Redis {}", process::describe(status));
                return Err(Error::Failed { what, log: process::tail(&self.log) });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        server.stop(Duration::from_secs(5));
        let what = format!("Redis was not ready after {} s", READY_PATIENCE.as_secs());
        Err(Error::Failed { what, log: process::tail(&self.log) })
    }

    fn command(&self) -> std::process::Command {
        let mut command = self.binary.command();
        command.arg("--unixsocket").arg(&self.socket);
        match self.binary.kind {
            RedisKind::Server => {
                command.args(["--port", "0", "--unixsocketperm", "700", "--daemonize", "no"]);
                command.args(["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]);
                command.args(["--maxmemory-policy", "noeviction"]);
                command.arg("--dir").arg(&self.data).arg("--pidfile").arg(self.data.join("redis.pid"));
            }
            RedisKind::Meebis => {
                command.arg("--dumpfile").arg(self.data.join("dump.rdb"));
            }
        }
        command
    }

    /// Answers a ping; while it reads its log back it says that it is loading.
    fn serves(&self) -> bool {
        let ping = || -> std::io::Result<bool> {
            let mut stream = UnixStream::connect(&self.socket)?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"PING\r\n")?;
            let mut answer = [0; 5];
            stream.read_exact(&mut answer)?;
            Ok(&answer == b"+PONG")
        };
        ping().unwrap_or(false)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}
