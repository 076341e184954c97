//! Who may depend on whom: the arrows between our crates, and the crates that own a technology.

use super::Finding;
use super::manifest::{self, Use};
use super::tree::Tree;

/// Our crates: what each may use, and what its tests may use besides.
const OURS: &[(&str, &[&str], &[&str])] = &[
    (
        "warmline",
        &[
            "warmline-workflows",
            "warmline-engine",
            "warmline-twilio",
            "warmline-workers",
            "warmline-simulator",
            "warmline-embedded",
        ],
        &[],
    ),
    (
        "warmline-workers",
        &["warmline-engine", "warmline-twilio", "warmline-workflows"],
        &["warmline-simulator", "warmline-embedded"],
    ),
    ("warmline-engine", &["warmline-workflows"], &["warmline-embedded"]),
    ("warmline-twilio", &["warmline-workflows"], &[]),
    ("warmline-simulator", &["warmline-twilio", "warmline-workflows"], &[]),
    ("warmline-workflows", &[], &[]),
    ("warmline-embedded", &[], &[]),
    ("xtask", &["warmline-embedded"], &[]),
];

/// Technologies: the crates of ours that may use them, and whether everybody's tests may.
const OWNED: &[Owned] = &[
    Owned { family: "sqlx", owners: &["warmline-engine"], tests: Tests::Everywhere },
    Owned { family: "jiff-sqlx", owners: &["warmline-engine"], tests: Tests::Everywhere },
    Owned { family: "redis", owners: &["warmline-workers"], tests: Tests::Everywhere },
    Owned { family: "apalis", owners: &["warmline-workers"], tests: Tests::Owners },
    Owned { family: "statig", owners: &["warmline-workflows"], tests: Tests::Owners },
    Owned { family: "axum", owners: &["warmline", "warmline-simulator"], tests: Tests::Everywhere },
    Owned {
        family: "reqwest",
        owners: &["warmline", "warmline-workers", "warmline-twilio", "warmline-simulator"],
        tests: Tests::Everywhere,
    },
];

struct Owned {
    /// A crate, and all whose names begin with it and a hyphen.
    family: &'static str,
    owners: &'static [&'static str],
    tests: Tests,
}

#[derive(PartialEq, Eq)]
enum Tests {
    Everywhere,
    Owners,
}

/// Tools that must compile in seconds, with all they may use.
const FRUGAL: &[(&str, &[&str])] = &[("warmline-embedded", &["libc"]), ("xtask", &["warmline-embedded"])];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifest::all(tree) {
        let Some((_, ours, for_tests)) = OURS.iter().find(|(name, ..)| *name == manifest.name) else {
            let what = format!(
                "the crate {} has no place among the arrows (xtask/src/tidy/arrows.rs)",
                manifest.name
            );
            findings.push(Finding::in_file(&manifest.path, what));
            continue;
        };
        let frugal = FRUGAL.iter().find(|(name, _)| *name == manifest.name).map(|(_, allowed)| *allowed);
        for dependency in &manifest.dependencies {
            let (name, in_tests) = (dependency.name.as_str(), dependency.use_ == Use::Tests);
            let owned = OWNED.iter().find(|owned| {
                name.strip_prefix(owned.family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            });
            let what = if OURS.iter().any(|(ours, ..)| *ours == name) {
                // A crate's tests may want a feature of its own that only tests use.
                let for_tests = for_tests.contains(&name) || name == manifest.name;
                let allowed = ours.contains(&name) || in_tests && for_tests;
                (!allowed).then(|| format!("{} must not depend on {name}", manifest.name))
            } else if let Some(owned) = owned {
                let free = in_tests && owned.tests == Tests::Everywhere;
                (!free && !owned.owners.contains(&manifest.name.as_str())).then(|| {
                    format!("{name} belongs to {}, not to {}", owned.owners.join(", "), manifest.name)
                })
            } else {
                let spare = in_tests || frugal.is_none_or(|allowed| allowed.contains(&name));
                (!spare).then(|| format!("{} makes do without {name}, to compile in seconds", manifest.name))
            };
            findings.extend(what.map(|what| Finding::in_line(&manifest.path, dependency.line, what)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::said;

    #[test]
    fn forbidden_arrows_are_found() {
        let says = |name: &str, section: &str, dependency: &str| {
            let text = format!("[package]\nname = \"{name}\"\n[{section}]\n{dependency}.workspace = true\n");
            said(check, &[("Cargo.toml", &text)]).join("; ")
        };
        for (name, section, dependency, expect) in [
            ("warmline-engine", "dependencies", "warmline-workflows", ""),
            ("warmline-engine", "dependencies", "warmline-twilio", "must not depend on warmline-twilio"),
            ("warmline-engine", "dev-dependencies", "warmline-embedded", ""),
            ("warmline-engine", "dev-dependencies", "warmline-engine", ""),
            ("warmline-engine", "dependencies", "warmline-embedded", "must not depend"),
            ("warmline-workflows", "dev-dependencies", "warmline-embedded", "must not depend"),
            ("warmline-twilio", "dependencies", "warmline", "must not depend on warmline"),
            ("warmline", "dependencies", "sqlx", "sqlx belongs to warmline-engine, not to warmline"),
            ("warmline", "dev-dependencies", "sqlx", ""),
            ("warmline-workers", "dependencies", "apalis-redis", ""),
            ("warmline", "dev-dependencies", "apalis-core", "apalis-core belongs to"),
            ("warmline-engine", "dependencies", "redis", "redis belongs to"),
            ("warmline-engine", "dependencies", "reqwest", "reqwest belongs to"),
            ("warmline-embedded", "dependencies", "tokio", "makes do without tokio"),
            ("warmline-embedded", "dependencies", "libc", ""),
            ("warmline-new", "dependencies", "serde", "has no place among the arrows"),
        ] {
            let found = says(name, section, dependency);
            let same = if expect.is_empty() { found.is_empty() } else { found.contains(expect) };
            assert!(same, "{name} -> {dependency} ({section}): {found:?}");
        }
        assert!(says("warmline", "dependencies", "sqlx").starts_with("Cargo.toml:4: "));
    }
}
