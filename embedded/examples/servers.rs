//! Runs a private Postgres and Redis by hand, prints how to reach them, and stops them when standard input ends.
//!
//! `cargo run -p warmline-embedded --example servers [-- NAME]`: the project's lasting home NAME, else one for this
//! run alone.

use std::io::{Read, Write, stderr, stdin, stdout};
use std::time::Instant;
use warmline_embedded::{Error, Home, Postgres, Profile, Redis};

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    let (home, profile) = match std::env::args().nth(1) {
        Some(name) => (Home::for_project(&name), Profile::Durable),
        None => (Home::scratch()?, Profile::Scratch),
    };
    let mut say = |line: &str| {
        let _ = writeln!(stderr(), "{line}");
    };
    say(&format!("home: {}", home.path().display()));
    let start = Instant::now();
    let postgres = Postgres::start(&home, profile, &mut say)?;
    let middle = Instant::now();
    let redis = Redis::start(&home, &mut say)?;
    let (one, two) = ((middle - start).as_secs_f32(), middle.elapsed().as_secs_f32());
    let _ = writeln!(
        stdout(),
        "Postgres, after {one:.2} s: {}\nRedis, after {two:.2} s: {}\nwaiting for the end of standard input",
        postgres.psql_hint("postgres"),
        redis.cli_hint()
    );
    let _ = stdin().read_to_end(&mut Vec::new());
    Ok(())
}
