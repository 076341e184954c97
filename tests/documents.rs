//! Commands that documents show with what they print: each is run, and prints just that.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

use std::collections::BTreeSet;
use std::process::Command;

const COSTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/COSTS_AND_SCALE.md");
/// What a command begins with; what it prints follows, up to the next one or the end of the block.
const PROMPT: &str = "$ warmline ";
/// How the lines of an output begin whose amounts the text may speak of.
const SUMS: &[&str] = &["recording", "total", "A conversation comes to"];

/// To write what the commands print into the document, run this test with `BLESS=1`.
#[test]
fn what_the_costs_document_shows_is_printed() {
    let found = std::fs::read_to_string(COSTS).unwrap();
    let (expected, commands) = run(&found);
    assert!(commands >= 10, "only {commands} commands were found");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(COSTS, &expected).unwrap();
        return;
    }
    for (line, (found, expected)) in (1..).zip(found.lines().zip(expected.lines())) {
        assert_eq!(found, expected, "line {line}; BLESS=1 writes the outputs anew");
    }
    assert_eq!(found.lines().count(), expected.lines().count(), "BLESS=1 writes the outputs anew");
}

/// The text around the commands speaks of sums that they print, and of differences between two of them.
#[test]
fn what_the_costs_document_says_is_computed() {
    let document = std::fs::read_to_string(COSTS).unwrap();
    let (mut sums, mut said, mut fenced) = (BTreeSet::new(), Vec::new(), false);
    for (line, text) in (1..).zip(document.lines()) {
        if text.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            said.extend(amounts(text).map(|amount| (line, amount)));
        } else if SUMS.iter().any(|sum| text.trim_start().starts_with(sum)) {
            sums.extend(text.split_whitespace().filter_map(|word| parse(word.trim_matches(['$', '.']))));
        }
    }
    assert!(said.len() > 5, "only {said:?}");
    for (line, amount) in said {
        let is_difference = sums.iter().any(|sum| sums.contains(&(sum + amount)));
        assert!(sums.contains(&amount) || is_difference, "line {line}: where does {amount} come from?");
    }
}

/// A document with the outputs of its commands put in, and how many commands there are.
fn run(document: &str) -> (String, usize) {
    let (mut text, mut commands) = (String::new(), 0);
    let mut in_output = false;
    for line in document.lines() {
        let command = line.strip_prefix(PROMPT);
        in_output &= !line.starts_with("```");
        if command.is_some() || !in_output {
            // A blank line sets a command apart from the output before it.
            text += if in_output { "\n" } else { "" };
            text += line;
            text += "\n";
        }
        if let Some(arguments) = command {
            in_output = true;
            commands += 1;
            text += &output(arguments);
        }
    }
    (text, commands)
}

fn output(arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_warmline"));
    let output = command.env_clear().args(arguments.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The amounts of a text that have cents, in ten-thousandths of a dollar.
fn amounts(text: &str) -> impl Iterator<Item = i64> {
    let words = text.split('$').skip(1);
    words.filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
        parse(rest[..end].trim_matches(['.', ',']))
    })
}

fn parse(amount: &str) -> Option<i64> {
    let (dollars, places) = amount.split_once('.')?;
    let places = format!("{places:0<4}");
    format!("{}{places}", dollars.replace(',', "")).parse().ok()
}
