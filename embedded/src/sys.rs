//! The few calls that std does not offer: who we are, signals, and a child that dies with its parent.
//!
//! The only unsafe code of the workspace. Every wrapper is safe for any argument.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// What to tell a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Shut down, letting nobody finish: Postgres calls it fast, Redis writes its log first.
    Interrupt,
    /// Stop at once, recover at the next start.
    Quit,
    /// The kernel ends it; nothing runs.
    Kill,
}

/// The user that file access is checked against.
pub(crate) fn effective_uid() -> u32 {
    // SAFETY: takes no argument, cannot fail, touches no memory of ours.
    unsafe { libc::geteuid() }
}

/// Sends a signal to one process. Never to a group: 0 and numbers beyond `pid_t` are refused.
pub(crate) fn signal(pid: u32, signal: Signal) -> io::Result<()> {
    let number = match signal {
        Signal::Interrupt => libc::SIGINT,
        Signal::Quit => libc::SIGQUIT,
        Signal::Kill => libc::SIGKILL,
    };
    let pid = match i32::try_from(pid) {
        Ok(pid) if pid > 1 => pid,
        _ => return Err(io::Error::from(io::ErrorKind::InvalidInput)),
    };
    // SAFETY: plain integers; the kernel checks that we may signal that process.
    if unsafe { libc::kill(pid, number) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Has the kernel interrupt the child when the *thread* that spawned it ends, so spawn from one that lives as long
/// as the process. std runs this after it has switched the user, which would have cleared the request.
#[cfg(target_os = "linux")]
pub(crate) fn die_with_parent(command: &mut Command) {
    let parent = std::process::id();
    let ask = move || {
        // SAFETY: between fork and exec only async-signal-safe calls are allowed; both are plain system calls, and
        // the closure allocates nothing (`from_raw_os_error` and `last_os_error` store a number).
        let (asked, now) =
            unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT as libc::c_ulong), libc::getppid()) };
        if asked != 0 {
            return Err(io::Error::last_os_error());
        }
        // The parent died before the request was made: nobody would ever stop this child.
        if u32::try_from(now) != Ok(parent) {
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
        Ok(())
    };
    // SAFETY: see the closure: it only makes async-signal-safe system calls.
    unsafe { command.pre_exec(ask) };
}

/// Other systems have no such request: the next start finds what was left over, and [`crate::Janitor`] ends it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn die_with_parent(_: &mut Command) {}
