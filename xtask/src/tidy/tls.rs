//! One implementation of cryptography: a second one is dead weight, or two configurations that disagree.

use super::Finding;
use super::tree::Tree;

/// What a careless feature would bring beside aws-lc.
const OTHERS: &[&str] = &["ring", "openssl", "openssl-sys", "native-tls", "rustls-openssl"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let found = tree.crates.iter().filter(|name| OTHERS.contains(&name.as_str()));
    let what = |name: &String| {
        format!("{name} is built beside aws-lc: `cargo tree --workspace -i {name}` says for whom")
    };
    found.map(|name| Finding::in_file("Cargo.lock", what(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Tree, check};

    #[test]
    fn a_second_implementation_is_found() {
        let crates = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let tree =
            Tree { crates: crates(&["aws-lc-rs", "openssl-probe", "ring", "stringprep"]), ..Tree::default() };
        let found: Vec<_> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["Cargo.lock: ring is built beside aws-lc: `cargo tree --workspace -i ring` says for whom"]
        );
    }
}
