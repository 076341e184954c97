//! Migrations are numbered without gaps, named for their one concern, and only go forward.

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut number_before = 0;
    let names =
        tree.files.iter().filter_map(|file| Some((&file.path, file.path.strip_prefix("migrations/")?)));
    for (path, name) in names.filter(|(_, name)| *name != "README.md") {
        let Some(number) = number_of(name) else {
            findings.push(Finding::in_file(path, "name it NNNN_concern.sql; there are no down migrations"));
            continue;
        };
        if number != number_before + 1 {
            let what = format!("follows {number_before:04}, so its number is {:04}", number_before + 1);
            findings.push(Finding::in_file(path, what));
        }
        number_before = number;
    }
    findings
}

/// 12 for `0012_agents.sql`.
fn number_of(name: &str) -> Option<u32> {
    let (number, concern) = name.strip_suffix(".sql")?.split_once('_')?;
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let well_named = number.len() == 4 && !concern.is_empty() && concern.chars().all(is_word);
    number.parse().ok().filter(|_| well_named)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::said;

    #[test]
    fn names_and_numbers_are_checked() {
        let names = [
            "0001_tenants.sql",
            "0002_calls.down.sql",
            "0002_calls.sql",
            "0002_leads.sql",
            "0004_dnc_list.sql",
            "4_x.sql",
        ];
        let paths: Vec<_> = names.iter().map(|name| format!("migrations/{name}")).collect();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "select 1;")).collect();
        let found = said(check, &files);
        let expect = [
            "migrations/0002_calls.down.sql: name it NNNN_concern.sql; there are no down migrations",
            "migrations/0002_leads.sql: follows 0002, so its number is 0003",
            "migrations/0004_dnc_list.sql: follows 0002, so its number is 0003",
            "migrations/4_x.sql: name it NNNN_concern.sql; there are no down migrations",
        ];
        assert_eq!(found, expect);
    }
}
