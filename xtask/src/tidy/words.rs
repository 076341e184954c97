//! The repository speaks of the product alone: no paths of one machine, no hosts of package archives.

use super::Finding;
use super::tree::Tree;

/// Folders of the machines this was written on. Written apart, so that this file does not find itself.
const FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("../sha", "red")];

/// Package archives are named by their tools' configuration, never by us.
const PHRASES: &[&str] = &[
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("registry.npm", "js.org"),
    concat!("deb.deb", "ian.org"),
    concat!("sandbox", " session"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            let folder = FOLDERS.iter().find(|folder| names_folder(line, folder));
            let lower = line.to_lowercase();
            if let Some(word) = folder.or_else(|| PHRASES.iter().find(|phrase| lower.contains(*phrase))) {
                findings.push(Finding::in_line(&file.path, index, format!("`{word}` has no business here")));
            }
        }
    }
    findings
}

/// Whether the folder stands at the beginning of a path: `src/work/` is another one.
fn names_folder(line: &str, folder: &str) -> bool {
    let is_path = |c: char| c.is_alphanumeric() || "/._-}>".contains(c);
    line.match_indices(folder).any(|(start, _)| !line[..start].ends_with(is_path))
}

#[cfg(test)]
mod tests {
    use super::{FOLDERS, PHRASES, check};
    use crate::tidy::tree::said;

    #[test]
    fn paths_and_hosts_are_found() {
        let (work, index) = (FOLDERS[0], PHRASES[0]);
        for (line, expect) in [
            (format!("see {work}main"), 1),
            (format!("`{work}main`"), 1),
            (format!("src{work}mod.rs"), 0),
            (format!("https://example.com{work}x"), 0),
            (format!("https://{}/x", index.to_uppercase()), 1),
            ("https://crates.io/crates/jiff".to_owned(), 0),
        ] {
            assert_eq!(said(check, &[("docs/a.md", &line)]).len(), expect, "{line}");
        }
    }
}
