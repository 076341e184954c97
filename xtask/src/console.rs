//! The console: checked, tested and built, where Node is at hand.

use crate::run::{Failure, Runner, root, say};
use std::process::Command;
use warmline_embedded::node;

/// Why the console cannot be built here; none when it can, and all that it is made with is there.
pub(crate) fn obstacle(runner: &mut Runner) -> Option<String> {
    node::obstacle().or_else(|| {
        let why = |failure| format!("what it is made with cannot be fetched ({failure})");
        install(runner).err().map(why)
    })
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
    if !node::lacks_packages(&root().join("console")) {
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
