//! The cast: who has which number, and what they do when they are called.

use std::collections::HashMap;

use warmline_simulator::Script;

use crate::stage::{agent_phone, lead_phone};
use crate::support;

/// The number of the n-th lead of a criterion.
pub(crate) fn lead(criterion: usize, n: usize) -> String {
    lead_phone(criterion * 10 + n)
}

/// The number of the n-th agent of a criterion.
pub(crate) fn agent(criterion: usize, n: usize) -> String {
    agent_phone(criterion * 10 + n)
}

const HUMAN: &str = r#"{"is":"human","answer_after_s":3,"greeting_s":1,"patience_s":600,"talk_s":10}"#;
/// Slow enough that the whisper can be listened to at the pace of the stage.
const AGENT: &str =
    r#"{"is":"agent","answer_after_s":3,"reaction":{"does":"presses","key":"1","after_s":4}}"#;

/// What everybody does.
pub(crate) fn scripts() -> HashMap<String, Script> {
    let others = [
        (lead(2, 0), r#"{"is":"machine","answer_after_s":3,"greeting_s":5}"#),
        (lead(3, 0), r#"{"is":"no_answer"}"#),
        (lead(4, 0), r#"{"is":"busy"}"#),
        (lead(5, 0), r#"{"is":"failed"}"#),
        (lead(7, 0), r#"{"is":"busy"}"#),
    ];
    let people = [(1, 1), (8, 6), (9, 3), (10, 1)];
    let people = people.into_iter().flat_map(|(criterion, count)| (0..count).map(move |n| (criterion, n)));
    let people = people.map(|(criterion, n)| (lead(criterion, n), HUMAN));
    let agents = (1..=10).flat_map(|criterion| (0..10).map(move |n| (agent(criterion, n), AGENT)));
    let lines: Vec<(String, &str)> = others.into_iter().chain(people).chain(agents).collect();
    support::scripts(lines.iter().map(|(phone, script)| (phone.as_str(), *script)))
}
