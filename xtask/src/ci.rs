//! `cargo xtask ci`: everything that must hold before a change is taken, in one command.

use crate::run::{Failure, Runner, cargo, say, spoken};
use crate::{console, prepare, test, tidy};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// Runs every step, also after a failure, and says at the end how each went.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let mut runner = Runner::new()?;
    let start = Instant::now();
    let results: Vec<_> = STEPS.iter().map(|step| carry_out(step, &mut runner)).collect();

    say(&format!("\n== ci, {}", spoken(start.elapsed())));
    for Report { name, verdict, time } in &results {
        let note = match verdict {
            Verdict::Passed => String::new(),
            Verdict::Skipped(why) | Verdict::Failed(why) => format!(": {why}"),
        };
        say(&format!("{:<8} {name} ({}){note}", verdict.word(), spoken(*time)));
    }
    let failed: Vec<_> =
        results.iter().filter(|result| matches!(result.verdict, Verdict::Failed(_))).collect();
    if failed.is_empty() {
        say("ci passed");
        return Ok(ExitCode::SUCCESS);
    }
    let names: Vec<_> = failed.iter().map(|result| result.name).collect();
    Err(Failure::new(format!("ci failed at: {}", names.join(", "))))
}

struct Step {
    name: &'static str,
    run: fn(&mut Runner) -> Result<Verdict, Failure>,
}

/// Cheap ones first. `--locked`: a stale Cargo.lock is a failure, not a change.
const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "tidy", run: |_| ended(tidy::run()?) },
    Step { name: "console", run: check_console },
    Step { name: "clippy", run: clippy },
    Step { name: "documentation", run: documentation },
    Step { name: "pure core", run: pure_core },
    Step { name: "queries", run: |runner| prepare::check(runner).map(|()| Verdict::Passed) },
    Step { name: "test", run: |_| ended(test::run(&[])?) },
];

enum Verdict {
    Passed,
    /// Could not be tried on this machine.
    Skipped(String),
    Failed(String),
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Skipped(_) => "SKIPPED",
            Self::Failed(_) => "FAILED",
        }
    }
}

struct Report {
    name: &'static str,
    verdict: Verdict,
    time: Duration,
}

fn carry_out(step: &Step, runner: &mut Runner) -> Report {
    say(&format!("\n== {}", step.name));
    let start = Instant::now();
    let verdict = (step.run)(runner).unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        let first = failure.to_string().lines().next().unwrap_or_default().to_owned();
        Verdict::Failed(first)
    });
    let time = start.elapsed();
    say(&format!("== {}: {} after {}", step.name, verdict.word(), spoken(time)));
    Report { name: step.name, verdict, time }
}

/// A task that has already printed what was wrong.
fn ended(code: ExitCode) -> Result<Verdict, Failure> {
    Ok(if code == ExitCode::SUCCESS { Verdict::Passed } else { Verdict::Failed("see above".to_owned()) })
}

fn format(runner: &mut Runner) -> Result<Verdict, Failure> {
    if !is_installed("fmt") {
        return Ok(Verdict::Skipped("not installed (`rustup component add rustfmt`)".to_owned()));
    }
    runner.run_well(&mut cargo(&["fmt", "--all", "--", "--check"])).map(|()| Verdict::Passed)
}

fn clippy(runner: &mut Runner) -> Result<Verdict, Failure> {
    if !is_installed("clippy") {
        return Ok(Verdict::Skipped("not installed (`rustup component add clippy`)".to_owned()));
    }
    let args =
        ["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    runner.run_well(&mut cargo(&args)).map(|()| Verdict::Passed)
}

fn check_console(runner: &mut Runner) -> Result<Verdict, Failure> {
    match console::obstacle(runner) {
        Some(why) => Ok(Verdict::Skipped(why)),
        None => console::check(runner).map(|()| Verdict::Passed),
    }
}

fn documentation(runner: &mut Runner) -> Result<Verdict, Failure> {
    let mut doc = cargo(&["doc", "--locked", "--workspace", "--no-deps"]);
    runner.run_well(doc.env("RUSTDOCFLAGS", "-D warnings")).map(|()| Verdict::Passed)
}

/// `wasm32-unknown-unknown` has no clock, files, network, threads or randomness: what compiles for it uses none.
/// Where the target is not installed, tidy's list of allowed dependencies and clippy's of disallowed calls stand in.
fn pure_core(runner: &mut Runner) -> Result<Verdict, Failure> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let answer = rustc.args(["--print", "target-libdir", "--target", TARGET]).output();
    let folder =
        answer.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned()).unwrap_or_default();
    if folder.is_empty() || !Path::new(&folder).is_dir() {
        let why = format!("{TARGET} is not installed; tidy has checked the dependencies, clippy the calls");
        return Ok(Verdict::Skipped(why));
    }
    let args = ["check", "--locked", "--package", "warmline-workflows", "--target", TARGET];
    runner.run_well(&mut cargo(&args)).map(|()| Verdict::Passed)
}

fn is_installed(subcommand: &str) -> bool {
    cargo(&[subcommand, "--version"]).output().is_ok_and(|answer| answer.status.success())
}
