//! `cargo xtask test`: every test of the workspace in one run, on a private Postgres and Redis of its own.

use crate::console;
use crate::run::{Failure, Runner, cargo, root, say, spoken};
use std::process::{Command, ExitCode};
use std::time::Instant;
use warmline_embedded::{Home, Postgres, Profile, Redis};

/// Runs the tests and ends with a line of totals, `N passed, N failed`.
pub(crate) fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    let selection = Selection::parse(args)?;
    let mut runner = Runner::new()?;

    let home = Home::scratch()?;
    let postgres = Postgres::start(&home, Profile::Scratch, &mut |line| say(line))?;
    let redis = Redis::start(&home, &mut |line| say(line))?;
    say(&format!("private Postgres and Redis for this run: ready after {}", spoken(start.elapsed())));

    let mut totals = Totals::default();
    let mut tests = cargo(&["test", "--no-fail-fast"]);
    selection.apply(&mut tests);
    tests
        .env("WARMLINE_TEST_DATABASE_URL", postgres.url("postgres"))
        .env("WARMLINE_TEST_REDIS_URL", redis.url());
    let status = runner.run_reading(&mut tests, &mut |line| totals.read(line))?;
    if !status.success() && totals.failed == 0 {
        // It did not compile, or a test program broke off before it could count.
        totals.fail(&format!("cargo test ({status})"));
    } else if selection.is_everything() {
        for script in SCRIPTS {
            foreign("python3", script, &mut runner, &mut totals)?;
        }
        match console::obstacle(&mut runner) {
            Some(why) => say(&format!("{}: skipped, {why}", BROWSER[0])),
            None => {
                console::build(&mut runner)?;
                foreign("node", BROWSER, &mut runner, &mut totals)?;
            }
        }
    }
    drop((postgres, redis, home));

    say("");
    for name in &totals.failures {
        say(&format!("failed: {name}"));
    }
    if totals.ignored > 0 {
        say(&format!("{} ignored", totals.ignored));
    }
    say(&format!("tests took {}", spoken(start.elapsed())));
    say(&format!("{} passed, {} failed", totals.passed, totals.failed));
    let code = match status.code() {
        Some(0) if totals.failed > 0 => 1,
        Some(code) => u8::try_from(code).unwrap_or(1),
        None => 1,
    };
    Ok(ExitCode::from(code))
}

/// Tests in another language: the carrier's own library against our simulator, and requests made up from the OpenAPI
/// document against the API, and a server of S3 for recordings. With the arguments that keep them short, and the same
/// each time: a change is not to fail by what chance makes up on that day.
const SCRIPTS: [&[&str]; 3] = [
    &["tests/conformance/run.py"],
    &["tests/schemathesis/run.py", "--max-examples", "5", "--seed", "1"],
    &["tests/bucket/run.py"],
];
/// The console in a browser, as people use it.
const BROWSER: &[&str] = &["console/e2e/run.mjs"];
/// How a script says that what it needs is not to be had here.
const SKIPPED: i32 = 3;

/// One more test.
fn foreign(program: &str, script: &[&str], runner: &mut Runner, totals: &mut Totals) -> Result<(), Failure> {
    let name = script.join(" ");
    if Command::new(program).arg("--version").output().is_err() {
        say(&format!("{name}: skipped, {program} is not on this machine"));
        return Ok(());
    }
    say(&format!("\n     Running {name}"));
    match runner.run(Command::new(program).args(script).current_dir(root()))? {
        status if status.success() => totals.passed += 1,
        status if status.code() == Some(SKIPPED) => say(&format!("{name}: skipped")),
        status => totals.fail(&format!("{name} ({status})")),
    }
    Ok(())
}

/// Which tests to run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selection {
    packages: Vec<String>,
    filters: Vec<String>,
    program_args: Vec<String>,
}

impl Selection {
    fn parse(args: &[String]) -> Result<Self, Failure> {
        let mut this = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-p" | "--package" => {
                    let package =
                        args.next().ok_or_else(|| Failure::usage(&format!("{arg} needs a crate")))?;
                    this.packages.push(package.clone());
                }
                "--" => this.program_args.extend(args.by_ref().cloned()),
                _ if arg.starts_with('-') => {
                    return Err(Failure::usage(&format!(
                        "`{arg}` is unknown (test programs' own follow `--`)"
                    )));
                }
                _ => this.filters.push(arg.clone()),
            }
        }
        Ok(this)
    }

    fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    fn apply(&self, command: &mut Command) {
        if self.packages.is_empty() {
            command.arg("--workspace");
        }
        for package in &self.packages {
            command.args(["--package", package]);
        }
        command.arg("--").args(&self.filters).args(&self.program_args);
    }
}

/// What the test programs said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Totals {
    passed: u32,
    failed: u32,
    ignored: u32,
    failures: Vec<String>,
}

impl Totals {
    fn read(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED")) {
            self.failures.push(name.to_owned());
        }
        let Some((_, counts)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". "))
        else {
            return;
        };
        for count in counts.split("; ") {
            let Some((number, word)) = count.split_once(' ') else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    fn fail(&mut self, name: &str) {
        self.failed += 1;
        self.failures.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_programs_are_added_up() {
        let mut totals = Totals::default();
        for line in [
            "running 3 tests",
            "test call::tests::rings ... ok",
            "test call::tests::hangs_up ... FAILED",
            "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "thread panicked: test result: unknown",
            "test result: ok. 30 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ] {
            totals.read(line);
        }
        let failures = vec!["call::tests::hangs_up".to_owned()];
        assert_eq!(totals, Totals { passed: 42, failed: 1, ignored: 2, failures });
    }

    #[test]
    fn arguments_become_a_cargo_command() {
        let line = |args: &str| -> Result<String, Failure> {
            let args: Vec<_> = args.split_whitespace().map(str::to_owned).collect();
            let mut command = Command::new("cargo");
            Selection::parse(&args)?.apply(&mut command);
            Ok(command.get_args().map(|arg| arg.to_string_lossy()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(line("").unwrap(), "--workspace --");
        assert_eq!(line("amd dnc").unwrap(), "--workspace -- amd dnc");
        assert_eq!(line("-p xtask a -- --nocapture").unwrap(), "--package xtask -- a --nocapture");
        assert!(line("-p").is_err());
        assert!(line("--nocapture").unwrap_err().to_string().contains("`--nocapture` is unknown"));
    }
}
