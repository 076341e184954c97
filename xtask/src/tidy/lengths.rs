//! Files that grow without end: the one that everybody edits is the one to fear.

use super::tree::Tree;
use super::{Finding, Weight};

/// Worth a look.
const LINES_DOUBTFUL: usize = 600;
/// To be split.
const LINES_MAX: usize = 900;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rust = tree.files.iter().filter(|file| file.path.ends_with(".rs"));
    let long = rust.filter_map(|file| {
        let lines = file.text.lines().count();
        let weight = if lines > LINES_MAX { Weight::Wrong } else { Weight::Doubtful };
        let what = format!("{lines} lines: split it by noun (at most {LINES_MAX})");
        (lines > LINES_DOUBTFUL).then(|| Finding { weight, ..Finding::in_file(&file.path, what) })
    });
    long.collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::said;

    #[test]
    fn long_files_are_doubtful_then_wrong() {
        let lines = |count: usize| "//! x\n".repeat(count);
        let found = said(check, &[("a.rs", &lines(600)), ("b.rs", &lines(601)), ("c.rs", &lines(901))]);
        let expect = [
            "b.rs: warning: 601 lines: split it by noun (at most 900)",
            "c.rs: 901 lines: split it by noun (at most 900)",
        ];
        assert_eq!(found, expect);
    }
}
