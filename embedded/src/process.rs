//! Child processes that end with us, and helpers that end by themselves or by a deadline.

use crate::Notify;
use crate::error::{At, Error};
use crate::owner::Owner;
use crate::sys::{self, Signal};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A running server of ours.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// Starts it as `owner`, detached from our terminal and environment, writing to `log`.
    pub(crate) fn spawn(mut command: Command, owner: &Owner, log: &Path) -> Result<Self, Error> {
        let file = File::options().create(true).append(true).open(log).at("open", log)?;
        let copy = file.try_clone().at("open", log)?;
        owner.apply(&mut command);
        command.current_dir("/").stdin(Stdio::null()).stdout(file).stderr(copy);
        // Its own group, so that a Ctrl-C for us does not stop it before we have drained.
        command.process_group(0);
        let what = format!("start {}", command.get_program().display());
        Ok(Self { child: spawn_tied(command).doing(&what)? })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to shut down and waits; past the deadline it is made to.
    pub(crate) fn stop(&mut self, deadline: Duration) {
        for (signal, patience) in [(Signal::Interrupt, deadline), (Signal::Quit, Duration::from_secs(2))] {
            if self.ended().is_some() {
                return;
            }
            let _ = sys::signal(self.id(), signal);
            let _ = until(patience, || self.ended().map(|_| ()));
        }
        self.kill();
    }

    /// `kill -9`, as a power cut would.
    pub(crate) fn kill(&mut self) {
        if self.ended().is_none() {
            let _ = sys::signal(self.id(), Signal::Kill);
            let _ = self.child.wait();
        }
    }
}

/// A server that may have outlived the process that had started it.
pub(crate) struct Leftover<'a> {
    pub(crate) name: &'static str,
    pub(crate) pid: u32,
    /// A path that only this server has on its command line: process numbers are used again.
    pub(crate) mark: &'a Path,
    pub(crate) log: &'a Path,
}

impl Leftover<'_> {
    /// Whether it still runs.
    pub(crate) fn runs(&self) -> bool {
        command_line(self.pid).contains(&*self.mark.to_string_lossy())
    }

    /// Stops it, ever more firmly.
    pub(crate) fn end(&self, notify: Notify<'_>) -> Result<(), Error> {
        let (name, pid) = (self.name, self.pid);
        notify(&format!("stopping a {name} left over from an earlier run (process {pid})"));
        for (signal, patience_s) in [(Signal::Interrupt, 30), (Signal::Quit, 5), (Signal::Kill, 5)] {
            let _ = sys::signal(pid, signal);
            if until(Duration::from_secs(patience_s), || (!self.runs()).then_some(())).is_some() {
                return Ok(());
            }
        }
        let what =
            format!("a {name} left over from an earlier run (process {pid}) does not stop: end it by hand");
        Err(Error::Failed { what, log: tail(self.log) })
    }
}

/// The process named in the first line of a server's note about itself.
pub(crate) fn noted_in(note: &Path) -> Option<u32> {
    fs::read_to_string(note).ok()?.lines().next()?.trim().parse().ok()
}

/// What a helper command printed, when it ended well.
pub(crate) fn run(mut command: Command, deadline: Duration) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawn_tied(command).map_err(|error| format!("{name}: {error}"))?;
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let status = until(deadline, || child.try_wait().transpose());
    let Some(status) = status else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("{name}: still not done after {} s", deadline.as_secs()));
    };
    let status = status.map_err(|error| format!("{name}: {error}"))?;
    let stdout = stdout.join().unwrap_or_default();
    if status.success() {
        return Ok(stdout);
    }
    let complaint = stderr.join().unwrap_or_default();
    let last = complaint.lines().rev().chain(stdout.lines().rev()).find(|line| !line.trim().is_empty());
    Err(format!("{name} {}: {}", describe(status), last.unwrap_or("no message").trim()))
}

/// Asks again and again, at short intervals, until there is an answer or the time is up.
pub(crate) fn until<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        let answer = ask();
        if answer.is_some() || Instant::now() >= end {
            return answer;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The command line of a process: empty when it does not exist, has ended, or is not for us to see.
fn command_line(pid: u32) -> String {
    if cfg!(target_os = "linux") {
        let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        return String::from_utf8_lossy(&bytes).replace('\0', " ");
    }
    let mut ps = Command::new("ps");
    ps.args(["-ww", "-o", "command=", "-p", &pid.to_string()]);
    run(ps, Duration::from_secs(5)).unwrap_or_default()
}

/// The last lines of a log, for an error message.
pub(crate) fn tail(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// How a process ended, in words.
pub(crate) fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

type Order = (Command, Sender<io::Result<Child>>);

/// Spawns a child that the kernel interrupts when this process ends. The request is bound to the spawning thread, and
/// a caller's thread may end early, so one thread that never ends does all of it.
fn spawn_tied(mut command: Command) -> io::Result<Child> {
    static SPAWNER: LazyLock<Mutex<Sender<Order>>> = LazyLock::new(|| {
        let (orders, queue) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in queue {
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(orders)
    });
    sys::die_with_parent(&mut command);
    let gone = || io::Error::other("the thread that starts servers is gone");
    let (answer, child) = channel();
    let orders = SPAWNER.lock().map_err(|_| gone())?.clone();
    orders.send((command, answer)).map_err(|_| gone())?;
    child.recv().map_err(|_| gone())?
}
