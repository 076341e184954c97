//! `cargo xtask acceptance`: everything that has to be so before Warmline is used, measured against the simulated
//! carrier.

use crate::run::{Failure, Runner, cargo, root, say, spoken};
use std::process::ExitCode;
use std::time::Instant;
use warmline_embedded::{Home, Postgres, Profile, Redis};

/// How many calls there are at once, and with `--quick`.
const CALLS: &str = "1000";
const CALLS_QUICK: &str = "100";

/// Builds the program `acceptance` of the tests for release, and runs it on servers of its own. Ends as it does.
pub(crate) fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let words: Vec<&String> = args.iter().filter(|arg| *arg != "--quick").collect();
    if let Some(unknown) = words.iter().find(|word| word.starts_with('-')) {
        return Err(Failure::usage(&format!("`{unknown}` is not expected here")));
    }
    let calls = if words.len() < args.len() { CALLS_QUICK } else { CALLS };
    let mut runner = Runner::new()?;
    let start = Instant::now();
    let target = ["test", "--quiet", "--release", "--package", "warmline", "--test", "acceptance"];
    runner.run_well(cargo(&target).arg("--no-run"))?;
    say(&format!("built for release in {}", spoken(start.elapsed())));

    // Not a scratch home: that may lie in memory, where a commit costs nothing.
    let home = Home::in_project(&root(), "acceptance");
    let postgres = Postgres::start(&home, Profile::Durable, &mut |line| say(line))?;
    let redis = Redis::start(&home, &mut |line| say(line))?;
    say(&format!("Postgres with fsync on, and Redis, in {}", home.path().display()));

    let mut acceptance = cargo(&target);
    acceptance.args(["--", "--calls", calls]).args(words);
    acceptance
        .env("WARMLINE_TEST_DATABASE_URL", postgres.url("postgres"))
        .env("WARMLINE_TEST_REDIS_URL", redis.url());
    let status = runner.run(&mut acceptance)?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
