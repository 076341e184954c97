//! What the documents name exists: paths and tests in backquotes, link targets, variables, tasks and sub-commands.

use super::Finding;
use super::tree::Tree;

/// A word in backquotes with a slash and one of these endings is a path from the root.
const ENDINGS: &[&str] = &[".csv", ".json", ".md", ".py", ".rs", ".sql", ".toml"];
/// Marks of an example, a pattern or an address rather than a path.
const NO_PATH: &[&str] = &["://", "<", "{", "*", "$", "?", "=", "...", "NNNN"];
/// Where `cargo xtask NAME` and `warmline NAME` are defined.
const TASKS: &str = "xtask/src/main.rs";
const COMMANDS: &str = "src/cli.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut fenced = false;
        for (index, line) in file.text.lines().enumerate() {
            let mut missing = |what: String| findings.push(Finding::in_line(&file.path, index, what));
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
                continue;
            }
            let (codes, targets) =
                if fenced { (vec![line], Vec::new()) } else { (code_in(line), targets_in(line)) };
            for code in codes {
                if let Some((path, name)) =
                    code.split_once("::").filter(|(path, _)| !fenced && is_path(tree, path))
                {
                    if !has_test(tree, path, name) {
                        missing(format!("there is no test `{name}` in `{path}`"));
                    }
                    continue;
                }
                if !fenced && is_path(tree, code) && !tree.has(code.trim_end_matches('/')) {
                    missing(format!("there is no `{code}`"));
                }
                if !fenced && is_variable(code) && !is_in_code(tree, code) {
                    missing(format!("no code reads or writes `{code}`"));
                }
                missing_command(tree, code).into_iter().for_each(&mut missing);
            }
            for target in targets {
                missing_target(tree, &file.path, target).into_iter().for_each(&mut missing);
            }
        }
    }
    findings
}

/// Whether a file defines a function of this name, as tests are named in the documents.
fn has_test(tree: &Tree, path: &str, name: &str) -> bool {
    let defined = [format!("fn {name}("), format!("function {name}(")];
    let file = tree.files.iter().find(|file| file.path == path);
    file.is_some_and(|file| defined.iter().any(|text| file.text.contains(text)))
}

/// The texts in backquotes.
fn code_in(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// What the links of a line lead to, other sites left out.
fn targets_in(line: &str) -> Vec<&str> {
    let ends = line.split("](").skip(1);
    let targets = ends.filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

fn is_path(tree: &Tree, code: &str) -> bool {
    let Some((first, _)) = code.split_once('/') else { return false };
    let plain = !code.contains(char::is_whitespace) && !NO_PATH.iter().any(|mark| code.contains(mark));
    plain && !first.is_empty() && (ENDINGS.iter().any(|ending| code.ends_with(ending)) || tree.has(first))
}

fn is_variable(code: &str) -> bool {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    code.contains('_') && code.starts_with(|c: char| c.is_ascii_uppercase()) && code.chars().all(is_part)
}

fn is_in_code(tree: &Tree, name: &str) -> bool {
    tree.files.iter().any(|file| !file.path.ends_with(".md") && file.text.contains(name))
}

/// What is wrong with `cargo xtask NAME` or `warmline NAME` at the beginning of a code.
fn missing_command(tree: &Tree, code: &str) -> Option<String> {
    let code = code.trim_start_matches(['$', ' ']);
    let text = |path: &str| tree.files.iter().find(|file| file.path == path).map_or("", |file| &file.text);
    let name = |rest: &str| -> Option<String> {
        let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        (!name.is_empty() && name != "help").then_some(name)
    };
    if let Some(name) = code.strip_prefix("cargo xtask ").and_then(name) {
        let known = text(TASKS).contains(&format!("\"{name}\" =>"));
        return (!known).then(|| format!("there is no task `{name}` ({TASKS})"));
    }
    let name = code.strip_prefix("warmline ").and_then(name)?;
    let variant: String =
        name.split('-').filter_map(|part| Some(part.get(..1)?.to_uppercase() + part.get(1..)?)).collect();
    let known = [',', '('].iter().any(|end| text(COMMANDS).contains(&format!("\n    {variant}{end}")));
    (!known).then(|| format!("there is no sub-command `{name}` ({COMMANDS})"))
}

/// What is wrong with a link from the document `from`.
fn missing_target(tree: &Tree, from: &str, target: &str) -> Option<String> {
    let (path, heading) = target.split_once('#').map_or((target, None), |(path, it)| (path, Some(it)));
    let path = if path.is_empty() { from.to_owned() } else { resolved(from, path) };
    if !tree.has(&path) {
        return Some(format!("the link leads to `{path}`, which is not there"));
    }
    let document = tree.files.iter().find(|file| file.path == path && path.ends_with(".md"))?;
    let heading = heading?;
    let known = document.text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == heading);
    (!known).then(|| format!("`{path}` has no heading #{heading}"))
}

/// A path from the root, for one from the folder of a document.
fn resolved(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// The name that a heading is linked by.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::said;

    #[test]
    fn what_is_named_and_not_there_is_found() {
        let code = [
            (
                "src/cli.rs",
                "//! Commands.\npub enum Command {\n    /// Takes webhooks.\n    Serve,\n    RotateKeys,\n    Work(Work),\n}\n",
            ),
            ("xtask/src/main.rs", "//! Tasks.\n        \"demo\" => demo::run(rest),\n"),
            ("src/config.rs", "//! Reads REDIS_URL.\nfn look() {}\n"),
            ("docs/b.md", "# The core\n## Who may: import?\n"),
        ];
        for (line, expect) in [
            ("`src/cli.rs`, `src/`, `docs/b.md` and `src`", ""),
            ("`src/gone.rs`", "there is no `src/gone.rs`"),
            ("`lib/gone.rs`", "there is no `lib/gone.rs`"),
            ("`docs/gone`", "there is no `docs/gone`"),
            ("`/src/x.rs`, `docs/<name>.md`, `application/json`, `gone.rs`, `docs/NNNN.md`", ""),
            ("src/gone.rs", ""),
            ("`src/cli.rs::look`, `src/config.rs::look`", "there is no test `look` in `src/cli.rs`"),
            ("[b](b.md), [b](../docs/b.md#who-may-import), [x](https://example.com/gone.md)", ""),
            ("[b](gone.md)", "leads to `docs/gone.md`"),
            ("[b](../gone.md)", "leads to `gone.md`"),
            ("[b](b.md#gone)", "`docs/b.md` has no heading #gone"),
            ("[a](#here)\n# Here", ""),
            ("[a](#there)\n# Here", "`docs/a.md` has no heading #there"),
            ("`REDIS_URL`", ""),
            ("`REDIS_URI`", "no code reads or writes `REDIS_URI`"),
            ("`cargo xtask demo --once`, `warmline serve`, `warmline work --queue dial=8`", ""),
            ("`cargo xtask deno`", "there is no task `deno`"),
            ("`warmline rotate-keys`", ""),
            ("`warmline rotate-kings`", "there is no sub-command `rotate-kings`"),
            ("`warmline server`", "there is no sub-command `server`"),
            ("```sh\n$ cargo xtask deno\n```", "there is no task `deno`"),
            ("```text\nsrc/gone.rs warmline server\n```", ""),
        ] {
            let found = said(check, &[&code[..], &[("docs/a.md", line)]].concat());
            let right = if expect.is_empty() { found.is_empty() } else { found.len() == 1 };
            assert!(right && found.iter().all(|found| found.contains(expect)), "{line}: {found:?}");
        }
    }
}
