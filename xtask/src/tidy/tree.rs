//! The files that rules look at, and the crates that a build really uses.

use crate::run::{Failure, cargo};
use std::fs;
use std::path::Path;

/// All text files of the project but generated ones.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<Text>,
    /// Paths of files that are no text, such as images.
    pub(super) others: Vec<String>,
    /// Names of all crates that are compiled; the lock file also lists ones that no feature switches on.
    pub(super) crates: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Text {
    /// From the root, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

/// Build output, other people's code, and files that tools write.
const SKIPPED: &[&str] =
    &[".git", ".sqlx", ".warmline", "target", "node_modules", "dist", "Cargo.lock", "package-lock.json"];
const BYTES_MAX: u64 = 1 << 20;

impl Tree {
    pub(super) fn read(root: &Path) -> Result<Self, Failure> {
        let mut tree = Self::default();
        tree.collect(root, "")?;
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        let args = [
            "tree",
            "--workspace",
            "--locked",
            "--edges",
            "normal,build,dev",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ];
        let answer = cargo(&args).output().map_err(|error| Failure::new(format!("cargo tree: {error}")))?;
        if !answer.status.success() {
            return Err(Failure::new(format!(
                "cargo tree: {}",
                String::from_utf8_lossy(&answer.stderr).trim()
            )));
        }
        let names = String::from_utf8_lossy(&answer.stdout).into_owned();
        tree.crates = names.lines().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect();
        tree.crates.sort();
        tree.crates.dedup();
        Ok(tree)
    }

    /// Files that are Rust and do not only serve tests.
    pub(super) fn product_code(&self) -> impl Iterator<Item = &Text> {
        let serves_tests =
            |path: &str| path.split('/').any(|part| ["tests", "examples", "benches"].contains(&part));
        self.files.iter().filter(move |file| file.path.ends_with(".rs") && !serves_tests(&file.path))
    }

    /// Whether there is a file or a folder of that path, without a slash at its end.
    pub(super) fn has(&self, path: &str) -> bool {
        let names = self.files.iter().map(|file| &file.path).chain(&self.others);
        names
            .into_iter()
            .any(|name| name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    fn collect(&mut self, root: &Path, below: &str) -> Result<(), Failure> {
        let folder = root.join(below);
        let entries =
            fs::read_dir(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                self.collect(root, &path)?;
            } else if kind.is_file() {
                // Images and sounds are no text and no concern of these rules, but for their names.
                let short = entry.metadata().is_ok_and(|found| found.len() <= BYTES_MAX);
                match short.then(|| fs::read_to_string(entry.path())) {
                    Some(Ok(text)) => self.files.push(Text { path, text }),
                    Some(Err(_)) | None => self.others.push(path),
                }
            }
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let text = |(path, text): &(&str, &str)| Text { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(text).collect(), ..Self::default() }
    }
}

impl Text {
    /// Lines of code with their index: up to the tests, which stand last, and without comments.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        lines.map(|line| line.split("//").next().unwrap_or_default()).enumerate()
    }
}

/// What a rule says of a tree, one line each, for its test.
#[cfg(test)]
pub(super) fn said(rule: super::Rule, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Tree::of(files)).iter().map(ToString::to_string).collect()
}
