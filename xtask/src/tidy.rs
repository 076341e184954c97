//! `cargo xtask tidy`: rules about the tree that no compiler checks, one file per rule.
//!
//! A rule is a function from the tree to findings; the same rules run as a test.

mod arrows;
mod commands;
mod core_dependencies;
mod doc_heads;
mod documents;
mod lengths;
mod machines;
mod manifest;
mod migrations;
mod tls;
mod todos;
mod transactions;
mod tree;
mod words;

use crate::run::{Failure, root, say};
use std::fmt;
use std::process::ExitCode;
use tree::Tree;

/// Prints what the rules find.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let tree = Tree::read(&root())?;
    let findings = check(&tree);
    findings.iter().for_each(|finding| say(&finding.to_string()));
    let wrong = findings.iter().filter(|finding| finding.weight == Weight::Wrong).count();
    say(&format!("tidy: {} rules, {} files, {wrong} findings", RULES.len(), tree.files.len()));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    arrows::check,
    commands::check,
    core_dependencies::check,
    doc_heads::check,
    documents::check,
    lengths::check,
    machines::check,
    migrations::check,
    tls::check,
    todos::check,
    transactions::check,
    words::check,
];

fn check(tree: &Tree) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(tree)).collect()
}

/// Something to mend.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// From 1; 0 for the whole file.
    line: usize,
    what: String,
    weight: Weight,
}

#[derive(Debug, PartialEq, Eq)]
enum Weight {
    Wrong,
    /// Worth a look, and no failure.
    Doubtful,
}

impl Finding {
    fn in_file(path: &str, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: 0, what: what.into(), weight: Weight::Wrong }
    }

    /// `index` counts from 0, as enumerating lines does.
    fn in_line(path: &str, index: usize, what: impl Into<String>) -> Self {
        Self { line: index + 1, ..Self::in_file(path, what) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path)?;
        if self.line > 0 {
            write!(out, ":{}", self.line)?;
        }
        let label = if self.weight == Weight::Doubtful { "warning: " } else { "" };
        write!(out, ": {label}{}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let findings = check(&Tree::read(&root()).unwrap());
        let wrong: Vec<_> = findings
            .iter()
            .filter(|finding| finding.weight == Weight::Wrong)
            .map(Finding::to_string)
            .collect();
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    }
}
