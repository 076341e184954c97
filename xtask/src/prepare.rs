//! `cargo xtask prepare`: `.sqlx`, the database's answers that queries are compiled against where none runs.
//!
//! A scratch Postgres gets the migrations, the engine is type-checked against it, and the query macros write down
//! what they learnt.

use crate::run::{Failure, Runner, cargo, root, say};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use warmline_embedded::{Home, Postgres, Profile};

/// The crate that holds the queries, and the file whose change makes cargo look at all of them again.
const PACKAGE: &str = "warmline-engine";
const ENTRY: &str = "engine/src/lib.rs";

pub(crate) fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let mut runner = Runner::new()?;
    match args {
        [] => renew(&mut runner)?,
        [arg] if arg == "--check" => check(&mut runner)?,
        [arg, ..] => return Err(Failure::usage(&format!("`{arg}` is not expected here"))),
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails, naming the queries, when `.sqlx` is not what the database would answer.
pub(crate) fn check(runner: &mut Runner) -> Result<(), Failure> {
    let (current, committed) = (answers(runner)?, read(&root().join(".sqlx"))?);
    let differences = differences(&committed, &current);
    if differences.is_empty() {
        say(&format!(".sqlx is up to date: {} queries", current.len()));
        return Ok(());
    }
    Err(Failure::new(format!(".sqlx is out of date; run `cargo xtask prepare`\n{}", differences.join("\n"))))
}

fn renew(runner: &mut Runner) -> Result<(), Failure> {
    let current = answers(runner)?;
    let folder = root().join(".sqlx");
    let committed = read(&folder)?;
    fs::create_dir_all(&folder).map_err(|error| at(&folder, &error))?;
    for name in committed.keys().filter(|name| !current.contains_key(*name)) {
        let file = folder.join(name);
        fs::remove_file(&file).map_err(|error| at(&file, &error))?;
    }
    for (name, text) in current.iter().filter(|(name, text)| committed.get(*name) != Some(text)) {
        let file = folder.join(name);
        fs::write(&file, text).map_err(|error| at(&file, &error))?;
    }
    let changed = differences(&committed, &current);
    say(&format!(".sqlx: {} queries, {} changed", current.len(), changed.len()));
    changed.iter().for_each(|line| say(line));
    Ok(())
}

/// File names and contents.
type Answers = BTreeMap<String, String>;

/// What the database answers to the queries as they are now.
fn answers(runner: &mut Runner) -> Result<Answers, Failure> {
    let home = Home::scratch()?;
    let postgres = Postgres::start(&home, Profile::Scratch, &mut |line| say(line))?;
    postgres.execute("postgres", "create database prepare")?;
    for migration in migrations()? {
        let sql = fs::read_to_string(&migration).map_err(|error| at(&migration, &error))?;
        let named = |error| Failure::new(format!("{}: {error}", migration.display()));
        postgres.execute("prepare", &sql).map_err(named)?;
    }
    let folder = home.path().join("sqlx");
    fs::create_dir(&folder).map_err(|error| at(&folder, &error))?;
    let touched = Touched::now(&root().join(ENTRY))?;
    let mut check = cargo(&["check", "--package", PACKAGE, "--all-targets"]);
    check
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &folder)
        .env("DATABASE_URL", postgres.url("prepare"));
    runner.run_well(&mut check)?;
    drop(touched);
    read(&folder)
}

/// All migrations in the order of their numbers.
fn migrations() -> Result<Vec<PathBuf>, Failure> {
    let folder = root().join("migrations");
    let entries = fs::read_dir(&folder).map_err(|error| at(&folder, &error))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    Ok(files)
}

fn read(folder: &Path) -> Result<Answers, Failure> {
    let mut answers = Answers::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, file) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if name.starts_with("query-") {
            answers.insert(name, fs::read_to_string(&file).map_err(|error| at(&file, &error))?);
        }
    }
    Ok(answers)
}

/// One line for each query that differs, with the beginning of its text.
fn differences(committed: &Answers, current: &Answers) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, text) in current {
        match committed.get(name) {
            None => lines.push(format!("  missing: {}", query_in(text))),
            Some(old) if old != text => lines.push(format!("  changed: {}", query_in(text))),
            Some(_) => {}
        }
    }
    let unused = committed.iter().filter(|(name, _)| !current.contains_key(*name));
    lines.extend(unused.map(|(_, text)| format!("  unused:  {}", query_in(text))));
    lines
}

/// The query's text as the file has it, shortened.
fn query_in(answer: &str) -> String {
    let line = answer.lines().find_map(|line| line.trim().strip_prefix("\"query\": "));
    let text = line.unwrap_or("?").replace("\\n", " ").replace('\\', "");
    let words: Vec<_> = text.trim_end_matches(',').trim_matches('"').split_whitespace().collect();
    words.join(" ").chars().take(90).collect()
}

/// A file that looks changed for as long as this lives. Its time is put back afterwards, so that other builds do not
/// compile it again.
struct Touched {
    file: File,
    before: std::time::SystemTime,
}

impl Touched {
    fn now(path: &Path) -> Result<Self, Failure> {
        let touch = || -> std::io::Result<Self> {
            let file = File::options().append(true).open(path)?;
            let before = file.metadata()?.modified()?;
            file.set_modified(std::time::SystemTime::now())?;
            Ok(Self { file, before })
        };
        touch().map_err(|error| at(path, &error))
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        let _ = self.file.set_modified(self.before);
    }
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_the_query() {
        let answers = |rows: &[(&str, &str)]| -> Answers {
            rows.iter()
                .map(|(name, query)| ((*name).into(), format!("{{\n  \"query\": \"{query}\",\n")))
                .collect()
        };
        let committed = answers(&[("a", "select 1"), ("b", "select 2"), ("c", "select 3")]);
        let current = answers(&[("a", "select 1"), ("b", "select\\n  22"), ("d", "select 4")]);
        let lines = differences(&committed, &current);
        let expect = ["  changed: select 22", "  missing: select 4", "  unused:  select 3"];
        assert_eq!(lines, expect);
        assert!(differences(&current, &current).is_empty());
    }
}
