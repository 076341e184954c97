//! The console: checked, tested and built, where Node is at hand.

use crate::run::{Failure, Runner, root, say};
use std::process::Command;

/// The oldest Node that builds it.
const NODE_MIN: (u32, u32) = (20, 19);

/// Why the console cannot be built here; none when it can, and all that it is made with is there.
pub(crate) fn obstacle(runner: &mut Runner) -> Option<String> {
    node().or_else(|| {
        let why = |failure| format!("what it is made with cannot be fetched ({failure})");
        install(runner).err().map(why)
    })
}

/// What is wrong with Node, if anything.
fn node() -> Option<String> {
    let answer = Command::new("node").arg("--version").output().ok();
    let text = answer.and_then(|answer| String::from_utf8(answer.stdout).ok()).unwrap_or_default();
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) if (major, minor) >= NODE_MIN => None,
        (Some(major), Some(minor)) => {
            Some(format!("Node {major}.{minor} is here, and {}.{} is needed", NODE_MIN.0, NODE_MIN.1))
        }
        _ => Some("Node is not on this machine".to_owned()),
    }
}

/// Checks, tests and builds it, and holds it to its size.
pub(crate) fn check(runner: &mut Runner) -> Result<(), Failure> {
    for script in ["check", "test", "build", "sizes"] {
        say(&format!("\n== npm run {script}"));
        runner.run_well(&mut npm(&["run", "--silent", script]))?;
    }
    Ok(())
}

/// Builds it alone.
pub(crate) fn build(runner: &mut Runner) -> Result<(), Failure> {
    runner.run_well(&mut npm(&["exec", "--", "vite", "build", "--logLevel", "warn"]))
}

/// Fetches what it is made with, exactly as the lock file says, unless that is there.
fn install(runner: &mut Runner) -> Result<(), Failure> {
    let folder = root().join("console");
    let written = |path: &str| folder.join(path).metadata().and_then(|facts| facts.modified()).ok();
    if written("node_modules/.package-lock.json") >= written("package-lock.json") {
        return Ok(());
    }
    runner.run_well(&mut npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

/// A run of npm in the console's folder.
fn npm(args: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(args).current_dir(root().join("console"));
    command
}
