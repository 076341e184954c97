//! The examples of the API's document: run one after the other, each with the answer that is promised.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;

use crate::desk::{Desk, Reply};

/// A block of the document: commands, or an answer.
struct Block {
    line: usize,
    kind: String,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in document.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(kind), None) => {
                open = Some(Block { line: index + 2, kind: kind.to_owned(), text: String::new() });
            }
            (None, Some(block)) => open = Some(Block { text: format!("{}{line}\n", block.text), ..block }),
            (None, None) => {}
        }
    }
    blocks
}

/// The words of a command, as a shell reads them.
fn words(text: &str, variables: &BTreeMap<String, String>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let (mut single, mut double) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' if !double => {
                single = !single;
                word.get_or_insert_default();
            }
            '"' if !single => {
                double = !double;
                word.get_or_insert_default();
            }
            '\\' if !single => match chars.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '$' if !single => {
                let mut name = String::new();
                while let Some(next) = chars.next_if(|next| next.is_ascii_uppercase() || *next == '_') {
                    name.push(next);
                }
                let value = variables.get(&name).unwrap_or_else(|| panic!("${name} is not set"));
                word.get_or_insert_default().push_str(value);
            }
            blank if blank.is_whitespace() && !single && !double => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// Sends what a command says, as curl would.
async fn curl(desk: &Desk, words: &[String]) -> Reply {
    let (mut method, mut path, mut body) = (None, String::new(), None);
    let mut headers = Vec::new();
    let mut words = words.iter();
    assert_eq!(words.next().map(String::as_str), Some("curl"));
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" => method = words.next().map(|word| word.parse::<Method>().unwrap()),
            "-H" => headers.push(words.next().unwrap().split_once(": ").unwrap()),
            "-d" => body = words.next().map(|word| serde_json::from_str::<Value>(word).unwrap()),
            address => path = address.to_owned(),
        }
    }
    let is_json = headers.contains(&("Content-Type", "application/json"));
    assert_eq!(body.is_some(), is_json, "{path}: a body says what it is");
    headers.retain(|(name, _)| *name != "Content-Type");
    desk.nobody().send(method.unwrap_or(Method::GET), &path, &headers, body).await
}

/// Whether an answer has what the document shows of it, and of the same kind.
fn holds(shown: &Value, real: &Value) -> bool {
    match (shown, real) {
        (Value::Object(shown), Value::Object(real)) => {
            shown.iter().all(|(name, shown)| real.get(name).is_some_and(|real| holds(shown, real)))
        }
        (Value::Array(shown), Value::Array(real)) => {
            shown.len() == real.len() && shown.iter().zip(real).all(|(shown, real)| holds(shown, real))
        }
        // Ids, times and secrets are others each time.
        (Value::String(shown), Value::String(real)) => {
            shown == real || shown.contains(['_', ':', '.']) && !real.is_empty()
        }
        _ => shown == real,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_are_true() {
    let document = include_str!("../../docs/API_SPECIFICATION.md");
    let desk = Desk::open().await;
    // Paths follow an empty base: the desk knows where it is served.
    let mut variables = BTreeMap::from([("BASE".to_owned(), String::new())]);
    let mut last = Value::Null;
    let mut examples = 0;
    for Block { line, kind, text } in blocks(document) {
        if kind == "json" {
            let shown: Value = serde_json::from_str(&text).unwrap();
            assert!(holds(&shown, &last), "line {line}: the answer is {last}");
            continue;
        }
        assert_eq!(kind, "sh", "line {line}");
        // NAME=$(curl ... | jq -r .field)
        let kept =
            text.split_once("=$(").filter(|(name, _)| name.chars().all(|char| char.is_ascii_uppercase()));
        let command = match kept {
            Some((_, rest)) => rest.rsplit_once('|').unwrap().0,
            None => &text,
        };
        let reply = curl(&desk, &words(command, &variables)).await;
        assert!(reply.status.is_success(), "line {line}: {} {}", reply.status, reply.body);
        if let Some((name, rest)) = kept {
            let field = rest.rsplit_once("jq -r .").unwrap().1.trim().trim_end_matches(')');
            variables.insert(name.to_owned(), reply.text(field));
        }
        // What the duty does a second later where one runs.
        sqlx::query("update caller_ids set listed = true").execute(&desk.rig.database).await.unwrap();
        last = reply.body;
        examples += 1;
    }
    assert!(examples > 10, "only {examples} were found");
}
