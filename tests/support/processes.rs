//! Processes: the roles of an installation as they are in earnest, each kept running whatever ends it.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::front::{Front, free_port};

/// A role that has processes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    Serve,
    Work,
    Schedule,
}

impl Role {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Work => "work",
            Self::Schedule => "schedule",
        }
    }
}

/// Why a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// It aborted at a crash point.
    Crashed,
    /// We killed it.
    Killed,
    /// It ended in good order when told to.
    Stopped,
    /// Nobody wanted that.
    Unwanted(String),
}

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;

/// What all processes are started with.
pub(crate) struct Orders {
    /// The settings, besides port and public address.
    pub(crate) settings: Vec<(&'static str, String)>,
    /// The processes.
    pub(crate) roles: Vec<Role>,
    /// The crash point at which each is to abort once, as the program reads it.
    pub(crate) crash_at: Option<String>,
    /// Where logs go.
    pub(crate) folder: PathBuf,
}

/// Processes that are started again whenever they end.
pub(crate) struct Fleet {
    shared: Arc<Mutex<Shared>>,
    keeper: JoinHandle<()>,
    front: Front,
}

struct Shared {
    slots: Vec<Slot>,
    ends: Vec<(Role, End)>,
    /// Nothing is started any more.
    is_over: bool,
}

/// One process, and those that took its place.
struct Slot {
    role: Role,
    name: String,
    port: u16,
    /// Where it tells how it is.
    operations: u16,
    command: Vec<(String, String)>,
    crash_at: Option<String>,
    folder: PathBuf,
    child: Option<Child>,
    doomed: Option<End>,
    back_at: Instant,
    thaw_at: Option<Instant>,
}

const LOOK_EVERY: Duration = Duration::from_millis(10);

impl Fleet {
    /// Starts the processes and waits until every one is ready.
    pub(crate) async fn start(orders: Orders) -> Self {
        std::fs::create_dir_all(&orders.folder).unwrap();
        let mut slots = Vec::new();
        for (n, role) in orders.roles.iter().enumerate() {
            slots.push(Slot {
                role: *role,
                name: format!("{}-{n}", role.word()),
                port: free_port(),
                operations: free_port(),
                command: Vec::new(),
                crash_at: orders.crash_at.clone(),
                folder: orders.folder.clone(),
                child: None,
                doomed: None,
                back_at: Instant::now(),
                thaw_at: None,
            });
        }
        let ports: Vec<u16> =
            slots.iter().filter(|slot| slot.role == Role::Serve).map(|slot| slot.port).collect();
        let front = Front::start(ports).await;
        for slot in &mut slots {
            slot.command =
                orders.settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            slot.command.push(("WEBHOOK_BASE_URL".to_owned(), front.url()));
            slot.command.push(("PORT".to_owned(), slot.port.to_string()));
            let operations = format!("127.0.0.1:{}", slot.operations);
            slot.command.push(("WARMLINE_OPERATIONS_ADDRESS".to_owned(), operations));
            slot.launch();
        }
        let shared = Arc::new(Mutex::new(Shared { slots, ends: Vec::new(), is_over: false }));
        let kept = Arc::clone(&shared);
        let keeper = tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                kept.lock().unwrap().keep();
            }
        });
        let fleet = Self { shared, keeper, front };
        fleet.ready().await;
        fleet
    }

    /// The address of all servers.
    pub(crate) fn url(&self) -> String {
        self.front.url()
    }

    /// Waits until every process says that it is ready, as a supervisor does.
    pub(crate) async fn ready(&self) {
        super::until("every process is ready", Duration::from_secs(60), async || {
            let addresses: Vec<String> = {
                let slots = &self.shared.lock().unwrap().slots;
                slots.iter().map(|slot| format!("http://127.0.0.1:{}/readyz", slot.operations)).collect()
            };
            for address in addresses {
                if !matches!(reqwest::get(address).await, Ok(answer) if answer.status() == 200) {
                    return false;
                }
            }
            true
        })
        .await;
    }

    /// Kills the n-th process; it is started again after a while.
    pub(crate) fn kill(&self, n: usize, down_for: Duration) -> Role {
        let mut shared = self.shared.lock().unwrap();
        let slot = &mut shared.slots[n];
        slot.back_at = Instant::now() + down_for;
        if let Some(child) = &mut slot.child {
            slot.doomed = Some(End::Killed);
            child.kill().unwrap();
        }
        slot.role
    }

    /// Tells the n-th process to end in good order; it is started again when it has.
    pub(crate) fn terminate(&self, n: usize) {
        let mut shared = self.shared.lock().unwrap();
        let slot = &mut shared.slots[n];
        if let Some(child) = &slot.child {
            slot.doomed = Some(End::Stopped);
            signal(child, "-TERM");
        }
    }

    /// Stops the n-th process in its tracks; it goes on after a while as if nothing had been.
    pub(crate) fn freeze(&self, n: usize, length: Duration) {
        let mut shared = self.shared.lock().unwrap();
        let slot = &mut shared.slots[n];
        if let Some(child) = &slot.child {
            slot.thaw_at = Some(Instant::now() + length);
            signal(child, "-STOP");
        }
    }

    /// Lets every process run that was stopped in its tracks.
    pub(crate) fn thaw(&self) {
        for slot in &mut self.shared.lock().unwrap().slots {
            slot.thaw_at = slot.thaw_at.map(|_| Instant::now());
        }
    }

    /// How many processes there are.
    pub(crate) fn len(&self) -> usize {
        self.shared.lock().unwrap().slots.len()
    }

    /// How often a role's processes ended in a certain way.
    pub(crate) fn count(&self, role: Role, end: &End) -> usize {
        let shared = self.shared.lock().unwrap();
        shared.ends.iter().filter(|ended| ended.0 == role && ended.1 == *end).count()
    }

    /// Who aborted at a crash point.
    pub(crate) fn crashed(&self) -> Vec<Role> {
        let shared = self.shared.lock().unwrap();
        shared.ends.iter().filter(|(_, end)| *end == End::Crashed).map(|(role, _)| *role).collect()
    }

    /// What ended though nobody wanted it to, and what the logs say that never may be said.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let shared = self.shared.lock().unwrap();
        let mut complaints: Vec<String> = shared
            .ends
            .iter()
            .filter_map(|(role, end)| match end {
                End::Unwanted(how) => Some(format!("{} ended by itself: {how}", role.word())),
                End::Crashed | End::Killed | End::Stopped => None,
            })
            .collect();
        for slot in &shared.slots {
            let log = std::fs::read_to_string(slot.log()).unwrap_or_default();
            let panicked = log.lines().filter(|line| line.contains("panicked"));
            complaints.extend(panicked.map(|line| format!("{}: {line}", slot.name)));
        }
        complaints
    }

    /// The names of the crash points that were passed, with the most passes in one process.
    pub(crate) fn points_passed(&self) -> std::collections::BTreeMap<String, u32> {
        let mut most = std::collections::BTreeMap::new();
        for slot in &self.shared.lock().unwrap().slots {
            let mut passed = std::collections::BTreeMap::<String, u32>::new();
            for line in std::fs::read_to_string(slot.points()).unwrap_or_default().lines() {
                *passed.entry(line.to_owned()).or_default() += 1;
            }
            for (name, count) in passed {
                let entry = most.entry(name).or_insert(0);
                *entry = count.max(*entry);
            }
        }
        most
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.keeper.abort();
        let mut shared = self.shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // The keeper may be waiting for the lock, and would start them all again.
        shared.is_over = true;
        for slot in &mut shared.slots {
            if let Some(mut child) = slot.child.take() {
                let _gone = child.kill();
                let _status = child.wait();
            }
        }
    }
}

impl Shared {
    /// Notes what has ended and starts it again.
    fn keep(&mut self) {
        if self.is_over {
            return;
        }
        for slot in &mut self.slots {
            if let Some(child) = &mut slot.child
                && let Some(status) = child.try_wait().unwrap()
            {
                let end = match (status.signal(), slot.doomed.take(), &slot.crash_at) {
                    (Some(SIGKILL), Some(End::Killed), _) => End::Killed,
                    (None, Some(End::Stopped), _) if status.success() => End::Stopped,
                    (Some(SIGABRT), _, Some(_)) => End::Crashed,
                    _ => End::Unwanted(format!("{status}; see {}", slot.log().display())),
                };
                if end == End::Crashed {
                    slot.crash_at = None;
                }
                self.ends.push((slot.role, end));
                slot.child = None;
                slot.thaw_at = None;
            }
            if let (Some(child), Some(thaw_at)) = (&slot.child, slot.thaw_at)
                && Instant::now() >= thaw_at
            {
                signal(child, "-CONT");
                slot.thaw_at = None;
            }
            if slot.child.is_none() && Instant::now() >= slot.back_at {
                slot.launch();
            }
        }
    }
}

impl Slot {
    fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    fn points(&self) -> PathBuf {
        self.folder.join(format!("{}.points", self.name))
    }

    fn launch(&mut self) {
        let log = File::options().append(true).create(true).open(self.log()).unwrap();
        let mut command = Command::new(
            std::env::var("WARMLINE_TEST_PROGRAM")
                .unwrap_or_else(|_| env!("CARGO_BIN_EXE_warmline").to_owned()),
        );
        command.env_clear().envs(self.command.iter().map(|(name, value)| (name, value)));
        command.env("WARMLINE_CRASH_LOG", self.points());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        if let Some(crash_at) = &self.crash_at {
            command.env("WARMLINE_CRASH_AT", crash_at);
        }
        command.arg(self.role.word());
        if self.role == Role::Work {
            command.args([
                "--queue",
                "dial=8",
                "--queue",
                "live=16",
                "--queue",
                "records=2",
                "--queue",
                "notify=4",
                "--queue",
                "imports=1",
            ]);
        }
        self.child = Some(command.spawn().unwrap());
    }
}

fn signal(child: &Child, signal: &str) {
    let status = Command::new("kill").arg(signal).arg(child.id().to_string()).status().unwrap();
    assert!(status.success(), "kill {signal}: {status}");
}

/// The last lines of every log in a folder, for a failure's message.
pub(crate) fn tails(folder: &Path, lines: usize) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            let log = std::fs::read_to_string(&path).unwrap_or_default();
            let all: Vec<&str> = log.lines().collect();
            let tail = all[all.len().saturating_sub(lines)..].join("\n");
            text.push_str(&format!("--- {}\n{tail}\n", path.display()));
        }
    }
    text
}
