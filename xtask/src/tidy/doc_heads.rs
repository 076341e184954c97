//! Every Rust file begins by saying what it is.

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rust = tree.files.iter().filter(|file| file.path.ends_with(".rs"));
    let mute = rust.filter(|file| !file.text.starts_with("//! "));
    mute.map(|file| Finding::in_line(&file.path, 0, "begin with a sentence on what this file is: `//! ...`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::said;

    #[test]
    fn files_without_a_sentence_are_found() {
        let files = [
            ("a.rs", "//! Says what it is.\n"),
            ("b.rs", "use std::fs;\n"),
            ("c.rs", "//!\n"),
            ("d.md", "# D"),
        ];
        let found = said(check, &files);
        assert!(
            found.len() == 2 && found[0].starts_with("b.rs:1: ") && found[1].starts_with("c.rs:1: "),
            "{found:?}"
        );
    }
}
