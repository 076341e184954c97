//! Transactions begin in one place, where their limits and their errors are settled.

use super::Finding;
use super::tree::Tree;

const PLACE: &str = "engine/src/db.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.product_code().filter(|file| file.path != PLACE) {
        for (index, line) in file.code_lines() {
            if begins_by_itself(line) {
                let what = format!("transactions begin in {PLACE} only: call what it offers");
                findings.push(Finding::in_line(&file.path, index, what));
            }
        }
    }
    findings
}

/// Whether a pool or a bare connection is asked to begin one.
fn begins_by_itself(line: &str) -> bool {
    let receivers = line.match_indices(".begin").filter_map(|(dot, _)| {
        let receiver = line[..dot].trim_end_matches("()");
        receiver.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()
    });
    receivers
        .into_iter()
        .any(|receiver| ["pool", "system", "connection", "conn"].iter().any(|end| receiver.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::{PLACE, check};
    use crate::tidy::tree::said;

    #[test]
    fn a_second_place_is_found() {
        let begin = "//! Rows.\nlet tx = self.pool().begin().await?;\n";
        let comment =
            "//! Rows.\n// pool.begin() would do it too.\nlet tx = self.database.tenant(t).await?;\n";
        let test = format!("#[cfg(test)]\nmod tests {{\n{begin}}}\n");
        let fine =
            [(PLACE, begin), ("engine/src/z.rs", comment), ("engine/tests/a.rs", begin), ("src/a.rs", &test)];
        assert_eq!(said(check, &fine), [""; 0]);
        let found = said(
            check,
            &[
                ("engine/src/leads.rs", "let tx = self.database.system().begin().await?;"),
                ("engine/src/step.rs", begin),
                ("src/a.rs", "let tx = conn.begin_with(\"x\");"),
            ],
        );
        let expect = ["engine/src/leads.rs:1: ", "engine/src/step.rs:2: ", "src/a.rs:1: "];
        assert!(
            found.len() == 3 && found.iter().zip(expect).all(|(found, expect)| found.starts_with(expect)),
            "{found:?}"
        );
    }
}
