//! Node: whether the console can be built on this machine.

use std::path::Path;
use std::process::Command;

/// The oldest Node that builds it.
const NODE_MIN: (u32, u32) = (20, 19);

/// Why nothing can be built with Node here; none when it can.
#[must_use]
pub fn obstacle() -> Option<String> {
    let (major, minor) = NODE_MIN;
    match version() {
        None => Some(format!("Node {major}.{minor} or later is not on this machine")),
        Some(found) if found < NODE_MIN => {
            Some(format!("it needs Node {major}.{minor} or later, and this is {}.{}", found.0, found.1))
        }
        Some(_) => None,
    }
}

fn version() -> Option<(u32, u32)> {
    let answer = Command::new("node").arg("--version").output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Whether the packages of a folder are missing, or older than its lock file.
#[must_use]
pub fn lacks_packages(folder: &Path) -> bool {
    let written = |path: &str| folder.join(path).metadata().and_then(|facts| facts.modified()).ok();
    written("node_modules/.package-lock.json") < written("package-lock.json")
}
