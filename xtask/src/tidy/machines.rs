//! State machines have no entry or exit actions: restoring a stored one would run them again.

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in
        tree.files.iter().filter(|file| file.path.starts_with("workflows/") && file.path.ends_with(".rs"))
    {
        for (index, line) in file.code_lines() {
            if line.contains("entry_action") || line.contains("exit_action") {
                let what = "no entry or exit actions: restoring a stored machine would run them again";
                findings.push(Finding::in_line(&file.path, index, what));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::said;

    #[test]
    fn actions_are_found_in_the_core_only() {
        let text = "//! No entry_action here.\n#[state(entry_action = \"ring\")]\n";
        let found = said(check, &[("workflows/src/call.rs", text), ("workers/src/a.rs", text)]);
        assert!(found.len() == 1 && found[0].starts_with("workflows/src/call.rs:2: "), "{found:?}");
    }
}
