//! Project tasks: demo, test, acceptance, ci, tidy, prepare, bench. `cargo xtask help` lists them.
//!
//! Depends on nothing but the private servers, so that it compiles in seconds.

mod acceptance;
mod bench;
mod ci;
mod console;
mod demo;
mod prepare;
mod run;
mod test;
mod tidy;

use run::{Failure, say};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", args.as_slice()),
    };
    let wants_help =
        matches!(command, "help" | "--help" | "-h") || rest.first().is_some_and(|arg| arg == "--help");
    if wants_help {
        say(HELP);
        return ExitCode::SUCCESS;
    }
    let result = match command {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "acceptance" => acceptance::run(rest),
        "ci" => none(rest).and_then(|()| ci::run()),
        "tidy" => none(rest).and_then(|()| tidy::run()),
        "prepare" => prepare::run(rest),
        "bench" => bench::run(rest),
        _ => Err(Failure::usage(&format!("there is no task `{command}`"))),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        failure.exit_code()
    })
}

/// For tasks without arguments.
fn none(args: &[String]) -> Result<(), Failure> {
    match args.first() {
        None => Ok(()),
        Some(arg) => Err(Failure::usage(&format!("`{arg}` is not expected here"))),
    }
}

const HELP: &str = "\
Project tasks. Private Postgres and Redis are found or fetched where a task needs them; nothing has to run.

  cargo xtask demo [--once] [ARGS]   build warmline and run its demo: a simulated campaign, nobody is phoned;
                                     --once and other ARGS go to `warmline dev --demo`
  cargo xtask test [FILTER...]       all tests, on servers of their own
                   [-p CRATE]        only the tests of a crate (may be repeated)
                   [-- ARGS]         arguments for the test programs, such as --nocapture
  cargo xtask acceptance [--quick]   everything that has to be so before Warmline is used, each with what was measured:
                                     the scenarios, and a thousand calls at once (--quick: a hundred), built for
                                     release, on a Postgres whose commits reach the disk
  cargo xtask ci                     what must pass before a change is taken: format, lints, tidy, documentation,
                                     purity of the core, freshness of generated files, tests
  cargo xtask tidy                   the rules about the tree that no compiler checks
  cargo xtask prepare [--check]      renew .sqlx, the answers that queries are compiled against without a database;
                                     --check only compares
  cargo xtask bench NAME [ARGS]      run engine/examples/bench_NAME.rs, built for release, on a Postgres whose
                                     commits reach the disk
  cargo xtask help                   this text

Settings: WARMLINE_PG_BIN and WARMLINE_REDIS_BIN name servers to use, WARMLINE_HOME the folder for lasting data,
WARMLINE_CACHE the folder for fetched servers.";
