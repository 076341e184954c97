//! Tests of `warmline cost`: what it prints, figure by figure.

use clap::Parser;
use serde_json::{Value, json};

use super::*;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

fn ask(line: &str) -> anyhow::Result<String> {
    let words = std::iter::once("cost").chain(line.split_whitespace());
    answer(&Line::try_parse_from(words)?.options, &Rates::default())
}

fn json_of(line: &str) -> Value {
    serde_json::from_str(&ask(&format!("{line} --json")).unwrap()).unwrap()
}

/// One call, exactly so long.
const CONVERSATION: &str =
    "--calls 1 --numbers 0 --human-share 100 --machine-share 0 --minutes 1.5 --spread 0";
const MACHINE: &str = "--calls 1 --numbers 0 --human-share 0 --machine-share 100";

#[test]
fn single_calls_come_to_their_estimates() {
    let found = json_of(CONVERSATION);
    assert_eq!((&found["total_usd"], &found["per_conversation_usd"]), (&json!("0.0757"), &json!("0.0757")));
    assert_eq!(
        found["items"],
        json!([
            {"item": "leg", "units": 4, "rate_usd": "0.014", "month_usd": "0.056"},
            {"item": "amd", "units": 1, "rate_usd": "0.0075", "month_usd": "0.0075"},
            {"item": "conference", "units": 4, "rate_usd": "0.0018", "month_usd": "0.0072"},
            {"item": "recording", "units": 2, "rate_usd": "0.0025", "month_usd": "0.005"},
        ])
    );
    let found = json_of(MACHINE);
    assert_eq!((&found["total_usd"], &found["per_conversation_usd"]), (&json!("0.0215"), &Value::Null));
    let found = json_of(&format!("{CONVERSATION} --rates leg=0.02 --infrastructure 12.34"));
    assert_eq!((&found["carrier_usd"], &found["total_usd"]), (&json!("0.0997"), &json!("12.4397")));
}

#[test]
fn sizes_come_out_as_first_estimated() {
    let tiers = json_of("--tiers");
    let texts = |name: &str| -> Vec<_> {
        tiers.as_array().unwrap().iter().map(|tier| tier[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts("first_total_usd"), ["98.00", "905.00", "7821.00"]);
    assert_eq!(texts("first_carrier_by_these_rates_usd"), ["85.15", "851.50", "7571.50"]);
    // The same by a command: one leg of two minutes, and nothing else.
    let plainly = "--human-share 100 --machine-share 0 --spread 0 --wait 0 --accept 0 --agent-leg client \
                   --rates client_leg=0,amd=0,conference=0,recording=0";
    for (calls, numbers, carrier) in [(3_000, 1, "85.15"), (30_000, 10, "851.50")] {
        let found = json_of(&format!("--calls {calls} --numbers {numbers} {plainly}"));
        assert_eq!(found["carrier_usd"], carrier);
    }
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    for (line, expected) in [
        ("--human-share 80 --machine-share 30", "more than 100 percent"),
        ("--human-share 101", "0..=100"),
        ("--minutes 1 --spread 61", "vary by more than their average"),
        ("--minutes 61", "expected minutes up to 60"),
        ("--minutes=-1", "expected minutes up to 60"),
        ("--calls 0", "1..=10000000"),
        ("--calls 5 --leads 5", "cannot be used with"),
        ("--attempts 5", "--leads"),
        ("--tiers --calls 5", "cannot be used with"),
        ("--agent-leg pigeon", "expected one of phone, client"),
        ("--rates leg=free", "has a wrong amount for leg"),
        ("--infrastructure much", "expected US dollars"),
    ] {
        let error = format!("{:#}", ask(line).unwrap_err());
        assert!(error.contains(expected), "{line}: {error}");
    }
    assert!(ask("--minutes 0 --human-share 100 --machine-share 0").is_ok());
}
