//! The console's files, made from their sources while the servers start, where Node is at hand.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::SystemTime;

use warmline_embedded::node;

use super::screen::say;

/// What the files are made from, within `console/`.
const SOURCES: [&str; 5] = ["src", "public", "index.html", "vite.config.ts", "package-lock.json"];

/// A build under way; nothing when there is nothing to do.
pub(super) struct Build(Option<JoinHandle<Result<(), String>>>);

impl Build {
    /// Begins one if the files are missing or older than their sources, and nobody has to be asked for anything.
    pub(super) fn begin() -> Self {
        // A release has them inside; a debug build reads them from there, whenever they come.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
        if !cfg!(debug_assertions) || !folder.join("package.json").is_file() || is_fresh(&folder) {
            return Self(None);
        }
        Self(Some(std::thread::spawn(move || build(&folder))))
    }

    /// None at all.
    pub(super) const fn none() -> Self {
        Self(None)
    }

    /// Waits for its end, and says what is to be done when there is no console.
    pub(super) fn wait(self) {
        let Some(build) = self.0 else { return };
        match build.join() {
            Ok(Ok(())) => {}
            Ok(Err(why)) => say(&format!("The console is not built: {why}. Everything else works.")),
            Err(_) => say("The console is not built: its build broke off. Everything else works."),
        }
    }
}

fn build(folder: &Path) -> Result<(), String> {
    if let Some(why) = node::obstacle() {
        return Err(why);
    }
    say("Building the console; a first time takes a minute.");
    if node::lacks_packages(folder) {
        npm(folder, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(folder, &["exec", "--", "vite", "build"])?;
    say("The console is built.");
    Ok(())
}

/// Runs npm; its last lines are told when it fails.
fn npm(folder: &Path, args: &[&str]) -> Result<(), String> {
    let mut child = Command::new("npm")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("npm cannot be run ({error})"))?;
    let lines: Vec<String> = child
        .stderr
        .take()
        .map(|pipe| BufReader::new(pipe).lines().map_while(Result::ok).collect())
        .unwrap_or_default();
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => {
            let last = lines.iter().rev().take(5).rev().cloned().collect::<Vec<_>>().join("\n  ");
            Err(format!("`npm {}` failed in {}:\n  {last}\n", args.join(" "), folder.display()))
        }
    }
}

fn is_fresh(folder: &Path) -> bool {
    let sources: Vec<PathBuf> = SOURCES.iter().map(|source| folder.join(source)).collect();
    newest(&[folder.join("dist/index.html")]) > newest(&sources)
}

/// When the newest of some files, and of those in some folders, was written.
fn newest(paths: &[PathBuf]) -> SystemTime {
    let written = |path: &PathBuf| {
        let inside = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
        let inside = newest(&inside.collect::<Vec<_>>());
        let itself = path.metadata().and_then(|facts| facts.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        itself.max(inside)
    };
    paths.iter().map(written).max().unwrap_or(SystemTime::UNIX_EPOCH)
}
