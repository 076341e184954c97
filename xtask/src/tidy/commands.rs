//! Every command that a document shows is run by a test, or is marked with what it needs that no test has.

use super::Finding;
use super::tree::Tree;

/// A block of commands begins so when it takes an account, a cluster, or the like.
const MARK: &str = "# Needs ";
/// The programs whose commands tests hold on to: the tasks and `npm run` below, `warmline` by what reads its command
/// line, `curl` by the tests of the API's documents.
const HELD: &[&str] = &["cargo", "npm", "warmline", "curl"];
const SCRIPTS: &str = "console/package.json";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let scripts = tree.files.iter().find(|file| file.path == SCRIPTS).map_or("", |file| &file.text);
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut block = Block::Text;
        let (mut was_cut, mut goes_on, mut margin) = (false, false, 0);
        for (index, line) in file.text.lines().enumerate() {
            let fence = line.trim_start().strip_prefix("```");
            // In a list all of a block is set in as far as its first line.
            let line = line.get(margin..).unwrap_or_default();
            block = match (block, fence) {
                (Block::Text, Some("sh")) => {
                    (was_cut, goes_on, margin) = (false, false, line.len() - line.trim_start().len());
                    Block::Begins
                }
                (Block::Text, Some(_)) => Block::Other,
                (_, Some(_)) => {
                    margin = 0;
                    Block::Text
                }
                (Block::Begins, None) if line.starts_with(MARK) => Block::Other,
                (Block::Begins, None) => Block::Commands,
                (block, None) => block,
            };
            if matches!(block, Block::Commands) {
                // After a backslash, and further down in what is quoted.
                let is_more = was_cut || (goes_on && line.starts_with(' '));
                if let Some(what) = wrong(line, scripts).filter(|_| !is_more) {
                    findings.push(Finding::in_line(&file.path, index, what));
                }
                (was_cut, goes_on) = (line.ends_with('\\'), is_more);
            }
        }
    }
    findings
}

/// Where a line of a document is.
enum Block {
    Text,
    /// At the first line of commands.
    Begins,
    Commands,
    /// In a block that is marked, or shows no commands.
    Other,
}

fn wrong(line: &str, scripts: &str) -> Option<String> {
    let command = line.split('#').next().unwrap_or_default();
    // `NAME=$(curl ...` and `NAME=value warmline ...`
    let words = command.split(|c: char| c.is_whitespace() || c == '(');
    let mut words = words.filter(|word| !word.is_empty() && !word.contains('='));
    let program = words.next()?;
    if !HELD.contains(&program) {
        return Some(format!("`{program}` is run by no test: begin the block with `{MARK}...`"));
    }
    let script = words.next().filter(|word| program == "npm" && *word == "run").and_then(|_| words.next());
    script
        .filter(|script| !scripts.contains(&format!("\"{script}\":")))
        .map(|script| format!("there is no `{script}` in `{SCRIPTS}`"))
}

#[cfg(test)]
mod tests {
    use super::{SCRIPTS, check};
    use crate::tidy::tree::said;

    #[test]
    fn commands_are_run_or_marked() {
        let scripts = (SCRIPTS, r#"{"scripts": {"board": "node board.mjs"}}"#);
        let said = |text: &str| said(check, &[scripts, ("a.md", text)]);
        for well in [
            "```sh\ncargo xtask test\nA=$(curl \\\n     -d x | jq)\nA=1 warmline check   # why\n```\n",
            "```sh\n# Needs Docker.\ndocker build .\nkubectl apply\n```\nplain\n",
            "```text\ndocker build .\n```\n",
            "1. a\n   ```sh\n   # Needs Docker.\n   docker build .\n   ```\n",
            "```sh\nnpm run board\nnpm ci\n```\n",
        ] {
            assert_eq!(said(well), [""; 0], "{well}");
        }
        for (ill, count) in [
            ("```sh\ndocker build .\n```\n", 1),
            ("```sh\ncargo build\nkubectl apply\n# Needs a cluster, said too late\nrailway up\n```\n", 2),
            ("1. a\n   ```sh\n   sed \\\n     b\n   echo\n   ```\n```sh\nrailway up\n```\n", 3),
            ("```sh\nnpm run bored\n```\n", 1),
        ] {
            assert_eq!(said(ill).len(), count, "{ill}");
        }
    }
}
