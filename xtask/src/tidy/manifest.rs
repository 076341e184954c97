//! Just enough of Cargo.toml to know what a crate depends on.

use super::tree::{Text, Tree};

/// A crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) use_: Use,
    /// Line, from 0.
    pub(super) line: usize,
}

/// Dependencies that only tests have, and all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Product,
    Tests,
}

/// All crates; files without a package are left out.
pub(super) fn all(tree: &Tree) -> Vec<Manifest> {
    tree.files.iter().filter(|file| file.path.ends_with("Cargo.toml")).filter_map(parse).collect()
}

fn parse(file: &Text) -> Option<Manifest> {
    let (mut section, mut name, mut dependencies) = (Section::Other, None, Vec::new());
    for (line, text) in file.text.lines().enumerate() {
        let text = text.trim();
        if let Some(header) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            section = Section::of(header.trim());
            // `[dependencies.serde]` names one in its header.
            if let Section::One(use_, dependency) = &section {
                dependencies.push(Dependency { name: dependency.clone(), use_: *use_, line });
            }
        } else if let Some((key, value)) = text.split_once('=').filter(|_| !text.starts_with('#')) {
            let key = key.trim().split('.').next().unwrap_or_default().trim_matches('"');
            match &section {
                Section::Package if key == "name" => name = Some(value.trim().trim_matches('"').to_owned()),
                Section::Table(use_) => {
                    dependencies.push(Dependency { name: key.to_owned(), use_: *use_, line });
                }
                _ => {}
            }
        }
    }
    Some(Manifest { path: file.path.clone(), name: name?, dependencies })
}

enum Section {
    Package,
    Table(Use),
    One(Use, String),
    Other,
}

impl Section {
    fn of(header: &str) -> Self {
        // `[target.'cfg(unix)'.dependencies]`: what follows the last quote counts.
        let tail = header.strip_prefix("target.").map_or(header, |tail| {
            tail.rsplit_once('\'').map_or(tail, |(_, tail)| tail).trim_start_matches('.')
        });
        let (table, one) = tail.split_once('.').map_or((tail, None), |(table, one)| (table, Some(one)));
        let use_ = match table {
            "dependencies" | "build-dependencies" => Use::Product,
            "dev-dependencies" => Use::Tests,
            "package" => return Self::Package,
            _ => return Self::Other,
        };
        one.map_or(Self::Table(use_), |one| Self::One(use_, one.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_dependency_is_read() {
        let text = "[package]\nname = \"a\"\n[lints]\nworkspace = true\n[dependencies]\n# no = 1\nserde.workspace = true\n\
                    b = { version = \"1\" }\n[dev-dependencies.c]\nversion = \"1\"\n\
                    [target.'cfg(target_os = \"linux\")'.dependencies]\nlibc = \"0.2\"\n[build-dependencies]\nd = \"1\"\n";
        let tree = Tree::of(&[("a/Cargo.toml", text), ("Cargo.toml", "[workspace]\nmembers = []\n")]);
        let manifests = all(&tree);
        assert_eq!(manifests.len(), 1, "a workspace is no crate");
        let found: Vec<_> =
            manifests[0].dependencies.iter().map(|one| (one.name.as_str(), one.use_)).collect();
        let expect = [
            ("serde", Use::Product),
            ("b", Use::Product),
            ("c", Use::Tests),
            ("libc", Use::Product),
            ("d", Use::Product),
        ];
        assert_eq!((manifests[0].name.as_str(), found), ("a", expect.to_vec()));
    }
}
