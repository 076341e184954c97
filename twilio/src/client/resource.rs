//! What the carrier keeps: calls, recordings, conferences, numbers, the account.
//!
//! Every scalar may be a text, a number, empty or null, depending on the carrier and on the moment.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::Value;

use crate::answered_by::AnsweredBy;
use crate::status::CallStatus;
use crate::webhook::recording;

/// The longest id we take from the carrier, in bytes.
const SID_MAX_BYTES: usize = 128;

/// A leg as the carrier remembers it.
#[derive(Clone, PartialEq, Eq)]
pub struct CallResource {
    /// The carrier's id of the leg.
    pub sid: String,
    /// Who was called.
    pub to: Option<String>,
    /// The number shown.
    pub from: Option<String>,
    /// How far it is; absent when it is a word we do not know, which is no proof of anything.
    pub status: Option<CallStatus>,
    /// `outbound-api` for legs we placed.
    pub direction: Option<String>,
    /// How long it was connected.
    pub duration_s: Option<u32>,
    /// What it cost: a decimal number, negative, absent until minutes after the end.
    pub price: Option<String>,
    /// The currency of the price, such as `USD`.
    pub price_unit: Option<String>,
    /// What answering-machine detection concluded.
    pub answered_by: Option<AnsweredBy>,
    /// When it was asked for; absent in the answer that creates it.
    pub date_created: Option<Timestamp>,
    /// When it was dialed; absent while it is queued.
    pub start_time: Option<Timestamp>,
    /// When it was over.
    pub end_time: Option<Timestamp>,
}

/// A recording as the carrier remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingResource {
    /// The carrier's id of the recording.
    pub sid: String,
    /// How far it is.
    pub status: recording::Status,
    /// The conference it was made of, when it was made of one.
    pub conference_sid: Option<String>,
    /// The leg it was made of, when it was made of one.
    pub call_sid: Option<String>,
    /// Its length, once it is known.
    pub duration_s: Option<u32>,
    /// When it began.
    pub date_created: Option<Timestamp>,
}

/// A conference as the carrier remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferenceResource {
    /// The carrier's id of the conference.
    pub sid: String,
    /// The name it was given.
    pub name: Option<String>,
    /// When it began.
    pub date_created: Option<Timestamp>,
}

/// A telephone number of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberResource {
    /// The carrier's id of the number.
    pub sid: String,
    /// The number, E.164.
    pub phone_number: String,
    /// Whether it can make calls.
    pub voice: bool,
}

/// The account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountResource {
    /// The carrier's id of the account.
    pub sid: String,
    /// `active`, `suspended` or `closed`.
    pub status: Option<String>,
    /// `Full` or `Trial`; a trial account can call verified numbers only.
    pub kind: Option<String>,
}

impl CallResource {
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            sid: sid(value)?,
            to: text(value, "to"),
            from: text(value, "from"),
            status: text(value, "status").and_then(|word| CallStatus::read(&word)),
            direction: text(value, "direction"),
            duration_s: number(value, "duration"),
            price: text(value, "price"),
            price_unit: text(value, "price_unit"),
            answered_by: text(value, "answered_by").map(|word| AnsweredBy::or_unknown(&word)),
            date_created: instant(value, "date_created"),
            start_time: instant(value, "start_time"),
            end_time: instant(value, "end_time"),
        })
    }
}

/// Without the telephone numbers.
impl fmt::Debug for CallResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallResource({} {:?})", self.sid, self.status)
    }
}

impl RecordingResource {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let status = text(value, "status").and_then(|word| recording::Status::read(&word));
        Some(Self {
            sid: sid(value)?,
            status: status.unwrap_or(recording::Status::Other),
            conference_sid: text(value, "conference_sid"),
            call_sid: text(value, "call_sid"),
            duration_s: number(value, "duration"),
            date_created: instant(value, "date_created"),
        })
    }
}

impl ConferenceResource {
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            sid: sid(value)?,
            name: text(value, "friendly_name"),
            date_created: instant(value, "date_created"),
        })
    }
}

impl NumberResource {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let voice = value.get("capabilities").and_then(|all| all.get("voice").or_else(|| all.get("Voice")));
        Some(Self {
            sid: sid(value)?,
            phone_number: text(value, "phone_number")?,
            // A carrier that lists no capabilities sells numbers to call with.
            voice: voice.and_then(Value::as_bool).unwrap_or(true),
        })
    }
}

impl AccountResource {
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self { sid: sid(value)?, status: text(value, "status"), kind: text(value, "type") })
    }
}

/// An id: opaque, but bounded and printable.
pub(super) fn sid(value: &Value) -> Option<String> {
    text(value, "sid").filter(|sid| sid.len() <= SID_MAX_BYTES && sid.bytes().all(|b| b.is_ascii_graphic()))
}

/// A scalar as text; null and empty are absent.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A scalar as a number; unreadable is absent.
pub(super) fn number<T: FromStr>(value: &Value, name: &str) -> Option<T> {
    text(value, name)?.parse().ok()
}

/// An instant in RFC 2822, or in RFC 3339 as compatible carriers write it.
fn instant(value: &Value, name: &str) -> Option<Timestamp> {
    let text = text(value, name)?;
    rfc2822::parse(&text).map(|zoned| zoned.timestamp()).or_else(|_| text.parse()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_scalar_may_be_text_number_empty_or_null() {
        let ended = |duration: Value, price: Value, created: Value| {
            CallResource::read(&json!({
                "sid": "CA1", "status": "completed", "to": "+12125550123", "duration": duration, "price": price,
                "price_unit": "USD", "answered_by": "machine_end_beep", "date_created": created, "queue_time": "0",
            }))
            .unwrap()
        };
        let created: Timestamp = "2025-10-14T17:03:00Z".parse().unwrap();
        for (call, duration_s, price) in [
            (
                ended(json!("49"), json!("-0.01400"), json!("Tue, 14 Oct 2025 17:03:00 +0000")),
                Some(49),
                Some("-0.01400"),
            ),
            (ended(json!(49), json!(-0.014), json!("2025-10-14T17:03:00Z")), Some(49), Some("-0.014")),
            (ended(json!(""), json!(null), json!("Tue, 14 Oct 2025 19:03:00 +0200")), None, None),
            (ended(json!(-1), json!(""), json!("Tue, 14 Oct 2025 17:03:00 GMT")), None, None),
        ] {
            assert_eq!((call.duration_s, call.price.as_deref()), (duration_s, price));
            assert_eq!(call.date_created, Some(created));
            assert_eq!(call.status, Some(CallStatus::Completed));
            assert_eq!(call.answered_by, Some(AnsweredBy::MachineEndBeep));
            assert!(!format!("{call:?}").contains("555"), "a number must not be printed");
        }
        let bare =
            CallResource::read(&json!({"sid": "CA1", "status": "paused", "date_created": null})).unwrap();
        assert_eq!((bare.status, bare.date_created), (None, None));
    }

    #[test]
    fn without_a_usable_sid_there_is_no_resource() {
        let long = "C".repeat(129);
        for sid in [json!(null), json!(""), json!({}), json!("CA 1"), json!("CA\n1"), json!(long)] {
            assert_eq!(CallResource::read(&json!({ "sid": sid })), None);
        }
        assert_eq!(CallResource::read(&json!([])), None);
    }
}
