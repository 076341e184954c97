//! A note on unfinished work names who will finish it.

use super::Finding;
use super::tree::Tree;

/// Written apart, so that this file does not find itself.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            let orphan = MARKS.iter().find(|mark| words(line, mark).any(|rest| !names_owner(rest)));
            if let Some(mark) = orphan {
                let what = format!("{mark} without an owner: {}(name), or do it now", MARKS[0]);
                findings.push(Finding::in_line(&file.path, index, what));
            }
        }
    }
    findings
}

/// What follows each place where `word` stands alone.
fn words<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).filter_map(move |(start, _)| {
        let (before, rest) = (&line[..start], &line[start + word.len()..]);
        (!is_part(before.chars().next_back()) && !is_part(rest.chars().next())).then_some(rest)
    })
}

/// `(name)` follows.
fn names_owner(rest: &str) -> bool {
    let name = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(name, _)| name);
    name.is_some_and(|name| name.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::{MARKS, check};
    use crate::tidy::tree::said;

    #[test]
    fn notes_need_owners() {
        for (line, expect) in [
            ("// @: later", 1),
            ("// @(ada): later", 0),
            ("// @(): later", 1),
            ("let @S = 1;", 0),
            ("my_@", 0),
        ] {
            let text = line.replace('@', MARKS[0]);
            assert_eq!(said(check, &[("a.rs", &text)]).len(), expect, "{line}");
        }
        assert_eq!(said(check, &[("a.md", &format!("one\n{}\n{}", MARKS[1], MARKS[2]))]).len(), 2);
    }
}
