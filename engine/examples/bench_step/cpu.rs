//! Processor time, as Linux counts it.

use std::fs;
use std::time::Duration;

use crate::Failure;

/// Ticks of the kernel's accounting per second, the same on every Linux of today.
const TICKS_PER_S: u64 = 100;

/// The parent of a process.
pub(crate) fn parent(process: u32) -> Result<u32, Failure> {
    let fields = fields(&process.to_string())?;
    Ok(u32::try_from(*fields.get(1).ok_or("a short line in /proc")?)?)
}

/// The time used so far by this process, and by a Postgres with all its backends.
pub(crate) fn used(postmaster: u32) -> Result<Duration, Failure> {
    let mut ticks = own(&fields("self")?) + with_exited_children(&fields(&postmaster.to_string())?);
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name.bytes().all(|byte| byte.is_ascii_digit())
            // A process may be gone by now.
            && let Ok(fields) = fields(&name)
            && fields.get(1) == Some(&u64::from(postmaster))
        {
            ticks += own(&fields);
        }
    }
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_S))
}

/// The numbers of a process's `stat` from its state on; the parent is at 1, user time at 11, system time
/// at 12, those of exited children at 13 and 14.
fn fields(process: &str) -> Result<Vec<u64>, Failure> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("a strange line in /proc")?;
    Ok(fields.split(' ').map(|field| field.trim().parse().unwrap_or(0)).collect())
}

fn own(fields: &[u64]) -> u64 {
    fields.iter().skip(11).take(2).sum()
}

fn with_exited_children(fields: &[u64]) -> u64 {
    fields.iter().skip(11).take(4).sum()
}
