//! One implementation of cryptography: a second one is dead weight, or two configurations that disagree.

use super::Finding;
use super::tree::Tree;

/// The one that there is.
const OURS: &str = "aws-lc-rs";
/// What a careless feature would bring beside aws-lc.
const OTHERS: &[&str] = &["ring", "openssl", "openssl-sys", "native-tls", "rustls-openssl"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let others = tree.crates.iter().filter(|name| OTHERS.contains(&name.as_str()));
    let beside = others.map(|name| {
        format!("{name} is built beside aws-lc: `cargo tree --workspace -i {name}` says for whom")
    });
    // Without any, tokens are not signed and carriers not reached, which shows at the first use only.
    let missing = (!tree.crates.iter().any(|name| name == OURS))
        .then(|| format!("{OURS} is not built: what else speaks TLS and signs tokens?"));
    beside.chain(missing).map(|what| Finding::in_file("Cargo.lock", what)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Tree, check};

    #[test]
    fn a_second_implementation_is_found_and_a_missing_one() {
        let crates = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let tree =
            Tree { crates: crates(&["aws-lc-rs", "openssl-probe", "ring", "stringprep"]), ..Tree::default() };
        let found: Vec<_> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["Cargo.lock: ring is built beside aws-lc: `cargo tree --workspace -i ring` says for whom"]
        );
        let none: Vec<_> = check(&Tree::default()).iter().map(ToString::to_string).collect();
        assert_eq!(none, ["Cargo.lock: aws-lc-rs is not built: what else speaks TLS and signs tokens?"]);
    }
}
