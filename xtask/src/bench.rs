//! `cargo xtask bench NAME`: a benchmark on a Postgres that keeps its promises.

use crate::run::{Failure, Runner, cargo, root, say, spoken};
use std::process::ExitCode;
use std::time::Instant;
use warmline_embedded::{Home, Postgres, Profile};

/// Builds the example `bench_NAME` and runs it on an empty database.
pub(crate) fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let Some((name, args)) = args.split_first() else {
        return Err(Failure::usage("bench needs the name of a benchmark, such as `step`"));
    };
    let example = format!("bench_{name}");
    let has = |folder: &str| root().join(folder).join(format!("{example}.rs")).is_file();
    // Of the engine alone, or of the program as a whole.
    let package = match (has("engine/examples"), has("examples")) {
        (true, _) => "warmline-engine",
        (false, true) => "warmline",
        (false, false) => {
            return Err(Failure::usage(&format!(
                "there is no benchmark `{name}` (engine/examples/{example}.rs or examples/{example}.rs)"
            )));
        }
    };
    let mut runner = Runner::new()?;
    let start = Instant::now();
    let target = ["--release", "--package", package, "--example", &example];
    runner.run_well(cargo(&["build"]).args(target))?;
    say(&format!("built for release in {}", spoken(start.elapsed())));

    // Not a scratch home: that may lie in memory, where a commit costs nothing.
    let home = Home::in_project(&root(), "bench");
    let postgres = Postgres::start(&home, Profile::Durable, &mut |line| say(line))?;
    postgres.execute("postgres", "drop database if exists bench")?;
    postgres.execute("postgres", "create database bench")?;
    say(&format!("Postgres with fsync on, in {}", home.path().display()));

    let mut bench = cargo(&["run", "--quiet"]);
    bench.args(target).arg("--").args(args);
    bench.env("WARMLINE_BENCH_DATABASE_URL", postgres.url("bench"));
    bench.env("WARMLINE_BENCH_PG_BIN", postgres.bin_folder());
    if let Some(libraries) = postgres.library_path() {
        bench.env("WARMLINE_BENCH_PG_LIBRARIES", libraries);
    }
    let status = runner.run(&mut bench)?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
