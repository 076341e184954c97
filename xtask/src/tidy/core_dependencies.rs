//! The core stays pure: a list of what it may depend on.

use super::Finding;
use super::manifest::{self, Use};
use super::tree::Tree;

const CORE: &str = "warmline-workflows";
/// None of these has I/O, a clock or randomness switched on by itself.
const ALLOWED: &[&str] = &["jiff", "rlibphonenumber", "serde", "serde_json", "statig", "thiserror", "uuid"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifest::all(tree).into_iter().filter(|manifest| manifest.name == CORE) {
        for dependency in &manifest.dependencies {
            if dependency.use_ == Use::Product && !ALLOWED.contains(&dependency.name.as_str()) {
                let what = format!(
                    "the pure core must not depend on {} (allowed: {})",
                    dependency.name,
                    ALLOWED.join(", ")
                );
                findings.push(Finding::in_line(&manifest.path, dependency.line, what));
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
    fn the_core_takes_nothing_new() {
        let text = "[package]\nname = \"warmline-workflows\"\n[dependencies]\nserde.workspace = true\n\
                    tokio.workspace = true\n[dev-dependencies]\nproptest.workspace = true\n";
        let found = said(check, &[("workflows/Cargo.toml", text)]);
        assert!(
            found.len() == 1 && found[0].starts_with("workflows/Cargo.toml:5: the pure core must not"),
            "{found:?}"
        );
        assert!(said(check, &[("Cargo.toml", &text.replace("-workflows", "-workers"))]).is_empty());
    }
}
