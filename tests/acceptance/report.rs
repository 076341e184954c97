//! The report: a table for people, and the lines by which `cargo xtask test` counts.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;

/// What has to be so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Criterion {
    pub(crate) number: u8,
    /// As a test is called.
    pub(crate) name: &'static str,
    /// For people.
    pub(crate) says: &'static str,
    pub(crate) limit: &'static str,
}

/// What was measured; an error when it is not as it has to be.
pub(crate) type Measured = Result<String, String>;

/// A criterion that was looked at.
struct Line {
    criterion: Criterion,
    measured: Measured,
}

/// What came of all criteria.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

const SAYS_CHARS: usize = 46;
const MEASURED_CHARS: usize = 84;
const LIMIT_CHARS: usize = 9;

impl Report {
    /// Takes a line in, and says that it is known.
    pub(crate) fn add(&mut self, criterion: Criterion, measured: Measured) {
        let word = if measured.is_ok() { "ok" } else { "FAILED" };
        println!("test acceptance::{} ... {word}", criterion.name);
        self.lines.push(Line { criterion, measured });
    }

    /// Prints the table of what was looked at, of so many criteria; whether all is well.
    pub(crate) fn conclude(mut self, criteria: usize, took: Duration) -> bool {
        self.lines.sort_by_key(|line| line.criterion.number);
        let failed = self.lines.iter().filter(|line| line.measured.is_err()).count();
        println!();
        if !self.lines.is_empty() {
            print("#", "what has to be so", "limit", "measured", "");
        }
        for Line { criterion, measured } in &self.lines {
            let (words, verdict) = match measured {
                Ok(words) => (words, "ok"),
                Err(words) => (words, "FAILED"),
            };
            print(&criterion.number.to_string(), criterion.says, criterion.limit, words, verdict);
        }
        let others = criteria - self.lines.len();
        let word = if failed == 0 { "ok" } else { "FAILED" };
        println!(
            "\ntest result: {word}. {} passed; {failed} failed; 0 ignored; 0 measured; {others} filtered out; \
             finished in {:.2}s\n",
            self.lines.len() - failed,
            took.as_secs_f64()
        );
        failed == 0
    }
}

/// One row of the table, over as many lines as it takes.
fn print(number: &str, says: &str, limit: &str, measured: &str, verdict: &str) {
    let (mut says, mut measured) =
        (folded(says, SAYS_CHARS).into_iter(), folded(measured, MEASURED_CHARS).into_iter());
    let (mut number, mut limit, mut verdict) = (number, limit, verdict);
    loop {
        let (left, right) = (says.next(), measured.next());
        if left.is_none() && right.is_none() {
            return;
        }
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        let line = format!(
            "{number:>2}  {left:<SAYS_CHARS$}  {limit:<LIMIT_CHARS$}  {right:<MEASURED_CHARS$}  {verdict}"
        );
        println!("{}", line.trim_end());
        (number, limit, verdict) = ("", "", "");
    }
}

/// The text in lines of at most so many characters, broken between words; longer words stay whole.
fn folded(text: &str, chars_max: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= chars_max {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// What a check says; what it fails with, when it panics as tests do.
pub(crate) async fn caught<T>(check: impl Future<Output = T>) -> Result<T, String> {
    AssertUnwindSafe(check).catch_unwind().await.map_err(|panic| message(&*panic))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
