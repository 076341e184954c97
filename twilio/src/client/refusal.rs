//! Answers that are not a success, and what they mean for whoever asked.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::exchange::Answer;
use super::resource::{number, text};
use crate::words::words;

/// The carrier has said no, and will say no again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of no.
    pub class: RefusalClass,
    /// The HTTP status.
    pub http_status: u16,
    /// The carrier's own code, such as 21211.
    pub code: Option<u32>,
    /// The carrier's words, up to 200 characters, with telephone numbers blotted out; may be empty.
    pub message: String,
    /// The carrier's id of the request, for its support.
    pub request_id: Option<String>,
}

words! {
    /// What a refusal is about, and so how far it reaches.
    pub enum RefusalClass {
        /// The number called is none; never call it again.
        InvalidNumber = "invalid_number",
        /// The carrier cannot reach the number; do not call it again.
        Unreachable = "unreachable",
        /// The account may not call that country; nothing there can be called until that is changed.
        GeoPermission = "geo_permission",
        /// The carrier will not call that number.
        Blocked = "blocked",
        /// The number to call from is not the account's; the campaign cannot go on.
        CallerId = "caller_id",
        /// The credentials are wrong or do not suffice; nothing can be called.
        Credentials = "credentials",
        /// The account is missing, suspended or restricted; nothing can be called.
        Account = "account",
        /// The request itself is wrong: a mistake of ours or of the configuration.
        Request = "request",
    }
}

/// Why an answer is no success.
pub(super) enum Failure {
    /// Not processed; certain to be safe to repeat later.
    Throttled { retry_after: Option<Duration> },
    /// Not processed, and no use to repeat.
    Refused(Refusal),
    /// Whether it was processed cannot be told.
    Unclear(String),
}

impl Failure {
    /// Classifies an answer whose status is not a success.
    pub(super) fn of(answer: &Answer) -> Self {
        let http_status = answer.status.as_u16();
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let code = number(&body, "code");
        match (http_status, code) {
            // Codes: too many requests; queue full; too many calls at once (twice).
            (429, _) | (400..=499, Some(20429 | 22005 | 10004 | 86008)) => {
                Self::Throttled { retry_after: answer.retry_after }
            }
            // A gateway's word for not having seen the end of it.
            (408, None) => Self::Unclear("the carrier answered 408 without a code".to_owned()),
            (400..=499, _) => Self::Refused(Refusal {
                class: RefusalClass::of(answer.status, code),
                http_status,
                code,
                message: message(&body),
                request_id: answer.request_id.clone(),
            }),
            (300..=399, _) => {
                Self::Unclear(format!("the carrier answered {http_status}, a redirect: check the API base"))
            }
            _ => Self::Unclear(format!("the carrier answered {http_status}")),
        }
    }
}

impl RefusalClass {
    /// By the code; by the status where there is no code, or none we know.
    fn of(status: StatusCode, code: Option<u32>) -> Self {
        match code.unwrap_or_default() {
            21211 | 21217 | 21401 | 13223 | 13224 => Self::InvalidNumber,
            21214 => Self::Unreachable,
            21215 | 13227 => Self::GeoPermission,
            21216 | 13225 => Self::Blocked,
            21210 | 21212 | 21402 | 21403 | 13247 => Self::CallerId,
            20003 | 20008 => Self::Credentials,
            // Not active (four times); trial without this feature; trial and a number not verified.
            10001 | 20005 | 21472 | 90010 | 10002 | 21219 => Self::Account,
            _ => match status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Credentials,
                // Calls are placed under the account's own address: not found is the account.
                StatusCode::PAYMENT_REQUIRED | StatusCode::NOT_FOUND => Self::Account,
                _ => Self::Request,
            },
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused as {} (HTTP {}", self.class, self.http_status)?;
        if let Some(code) = self.code {
            write!(f, ", code {code}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        f.write_str(")")?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

/// The message of either error format: `message`, or `detail` and `title`. HTML has none.
fn message(body: &Value) -> String {
    let message = ["message", "detail", "title"].into_iter().find_map(|name| text(body, name));
    blot(&message.unwrap_or_default())
}

/// Replaces every run of four or more digits, with the punctuation of telephone numbers between them.
fn blot(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for character in text.chars().filter(|c| !c.is_control()).take(200).chain(['\0']) {
        let in_number = !run.is_empty() && matches!(character, ' ' | '-' | '.' | '(' | ')');
        if character.is_ascii_digit() || character == '+' || in_number {
            run.push(character);
            continue;
        }
        let tail = run.len() - run.trim_end_matches([' ', '-', '.', '(']).len();
        let (number, tail) = run.split_at(run.len() - tail);
        if number.bytes().filter(u8::is_ascii_digit).count() >= 4 {
            out.push('…');
        } else {
            out.push_str(number);
        }
        out.push_str(tail);
        run.clear();
        out.push(character);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        Failure::of(&Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            request_id: None,
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn a_refusal_is_classed_by_code_then_by_status() {
        use RefusalClass as Class;
        for (status, body, expected) in [
            (400, r#"{"code":21211,"message":"x","more_info":"y","status":400}"#, Class::InvalidNumber),
            (400, r#"{"status":400,"code":"21217"}"#, Class::InvalidNumber),
            (422, r#"{"code":21401}"#, Class::InvalidNumber),
            (400, r#"{"code":21214}"#, Class::Unreachable),
            (400, r#"{"code":21215}"#, Class::GeoPermission),
            (400, r#"{"code":13227}"#, Class::GeoPermission),
            (400, r#"{"code":21216}"#, Class::Blocked),
            (400, r#"{"code":21210}"#, Class::CallerId),
            (400, r#"{"code":21212}"#, Class::CallerId),
            (401, r#"{"code":20003,"message":"Authenticate"}"#, Class::Credentials),
            (403, r#"{"code":20008}"#, Class::Credentials),
            (401, "<html>Unauthorized</html>", Class::Credentials),
            (403, "", Class::Credentials),
            (403, r#"{"code":10001}"#, Class::Account),
            (401, r#"{"code":20005}"#, Class::Account),
            (400, r#"{"code":21219}"#, Class::Account),
            (404, r#"{"code":20404}"#, Class::Account),
            (402, "", Class::Account),
            (400, r#"{"code":21205}"#, Class::Request),
            (400, r#"{"code":21201}"#, Class::Request),
            (400, r#"{"type":"t","title":"Bad","status":400,"code":21218,"detail":"d"}"#, Class::Request),
            (400, r#"{"code":null}"#, Class::Request),
            (422, r#"{"code":"invalid_to"}"#, Class::Request),
            (413, "<html>", Class::Request),
        ] {
            let Failure::Refused(refusal) = failure(status, body) else { panic!("{status} {body}") };
            assert_eq!(refusal.class, expected, "{status} {body}");
        }
    }

    #[test]
    fn what_was_not_processed_is_throttled_and_what_may_have_been_is_unclear() {
        for (status, body) in [(429, ""), (429, r#"{"code":20429}"#), (400, r#"{"code":10004}"#)] {
            assert!(matches!(failure(status, body), Failure::Throttled { .. }), "{status} {body}");
        }
        for status in [500, 502, 503, 504, 408, 301, 307, 304] {
            assert!(matches!(failure(status, "<html>"), Failure::Unclear(_)), "{status}");
        }
    }

    #[test]
    fn a_message_loses_its_telephone_numbers() {
        for (text, expected) in [
            (
                "The phone number you are attempting to call, +12125550123, is not valid.",
                "The phone number you are attempting to call, …, is not valid.",
            ),
            ("From +1 (212) 555-0123 is not verified", "From … is not verified"),
            ("212.555.0123", "…"),
            ("at most 600 seconds, 3-59.", "at most 600 seconds, 3-59."),
            ("Authenticate", "Authenticate"),
            ("", ""),
        ] {
            assert_eq!(blot(text), expected);
        }
        assert_eq!(blot(&"é".repeat(500)).chars().count(), 200);
    }
}
