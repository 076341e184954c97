//! `cargo xtask demo`: from a clone to a running campaign.

use crate::run::{Failure, Runner, cargo, root, say, spoken};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::Instant;
use warmline_embedded::{Home, provision};

/// Builds the binary, has the servers fetched meanwhile if they are missing, and becomes the binary.
pub(crate) fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    say("[1/2] building warmline (a first build takes a few minutes) and looking for Postgres and Redis");
    let servers = std::thread::spawn(|| {
        provision(&Home::in_project(&root(), "dev"), &mut |line| say(&format!("      {line}")))
    });
    Runner::new()?.run_well(&mut cargo(&["build", "--package", "warmline"]))?;
    say(&format!("      built after {}", spoken(start.elapsed())));
    match servers.join() {
        Ok(Ok(())) => say(&format!("      servers at hand after {}", spoken(start.elapsed()))),
        // The binary may have been told of servers elsewhere, so it decides.
        Ok(Err(error)) => say(&format!("      {error}")),
        Err(_) => say("      the search for servers broke off"),
    }
    // Cargo put both programs into the same folder, wherever its target folder is.
    let this =
        std::env::current_exe().map_err(|error| Failure::new(format!("no path to this program: {error}")))?;
    let program = this.with_file_name("warmline");
    say(&format!("[2/2] warmline dev --demo {}", args.join(" ")));
    let error = Command::new(&program).args(["dev", "--demo"]).args(args).current_dir(root()).exec();
    Err(Failure::new(format!("could not run {}: {error}", program.display())))
}
