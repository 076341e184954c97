//! Resources: records in the carrier's JSON, with its rules of which value is a string or null.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::carrier::Carrier;
use crate::clock::{rfc2822, seconds_between};
use crate::config::Dialect;
use crate::fact::Moment;
use crate::record::{CallRecord, ConferenceRecord, RecordingRecord, Status};
use crate::room::Attendee;
use crate::sid;

/// A minute of an answered call, in millionths of a dollar: a little less than lists say, as it is for most.
const CALL_PRICE_MICROS: u64 = 13_850;
/// A minute of a recording, in millionths of a dollar.
const RECORDING_PRICE_MICROS: u64 = 2_500;

/// The path of the account, under which all its resources lie.
pub(super) fn account_path(carrier: &Carrier) -> String {
    carrier.config.account_path()
}

pub(super) fn call(carrier: &Carrier, call: &CallRecord) -> Value {
    let uri = format!("{}/Calls/{}", account_path(carrier), call.sid);
    let quirks = &carrier.config.quirks;
    let rated = call
        .ended
        .is_some_and(|ended| seconds_between(ended.at, carrier.clock.now()) >= quirks.rated_after_s);
    let price =
        call.duration_s().filter(|_| rated && call.answered.is_some()).map(|s| price(s, CALL_PRICE_MICROS));
    let value = json!({
        "sid": call.sid,
        "account_sid": carrier.config.account_sid,
        "parent_call_sid": null,
        "to": call.order.to,
        "to_formatted": formatted(&call.order.to),
        "from": call.order.from,
        "from_formatted": formatted(&call.order.from),
        "phone_number_sid": sid::of("PN", &call.order.from),
        "status": call.status.as_resource_str(),
        "start_time": date(call.initiated),
        "end_time": date(call.ended),
        "duration": call.duration_s().map(|seconds| seconds.to_string()),
        "price": price,
        "price_unit": quirks.currency,
        "direction": "outbound-api",
        "answered_by": call.answered_by.map(|answered_by| answered_by.as_str()),
        "api_version": "2010-04-01",
        "forwarded_from": null,
        "group_sid": null,
        "caller_name": null,
        "queue_time": call.queue_time_ms.to_string(),
        "trunk_sid": null,
        "annotation": null,
        "date_created": rfc2822(call.created.at),
        "date_updated": rfc2822(call.updated),
        "uri": format!("{uri}.json"),
        "subresource_uris": {
            "notifications": format!("{uri}/Notifications.json"),
            "recordings": format!("{uri}/Recordings.json"),
            "payments": format!("{uri}/Payments.json"),
            "events": format!("{uri}/Events.json"),
            "siprec": format!("{uri}/Siprec.json"),
            "streams": format!("{uri}/Streams.json"),
            "transcriptions": format!("{uri}/Transcriptions.json"),
            "user_defined_message_subscriptions": format!("{uri}/UserDefinedMessageSubscriptions.json"),
            "user_defined_messages": format!("{uri}/UserDefinedMessages.json"),
        },
    });
    in_dialect(carrier, value)
}

/// The resource in the carrier's form: at SignalWire, durations and prices are numbers.
fn in_dialect(carrier: &Carrier, mut value: Value) -> Value {
    if carrier.config.dialect == Dialect::SignalWire {
        for name in ["duration", "price", "queue_time"] {
            let number = value[name].as_str().and_then(|text| text.parse::<f64>().ok());
            if let Some(number) = number {
                value[name] = if number.fract() == 0.0 { json!(number as i64) } else { json!(number) };
            }
        }
    }
    value
}

/// The answer to a create request, which shows a call that nothing has happened to.
pub(super) fn created_call(carrier: &Carrier, record: &CallRecord) -> Value {
    let mut value = call(carrier, &CallRecord { status: Status::Queued, ..record.clone() });
    for name in ["date_created", "date_updated", "start_time", "end_time", "duration", "answered_by"] {
        value[name] = Value::Null;
    }
    value
}

pub(super) fn conference(carrier: &Carrier, room: &ConferenceRecord) -> Value {
    let uri = format!("{}/Conferences/{}", account_path(carrier), room.sid);
    json!({
        "sid": room.sid,
        "account_sid": carrier.config.account_sid,
        "friendly_name": room.name,
        "region": "us1",
        "status": conference_status(room),
        "api_version": "2010-04-01",
        "date_created": rfc2822(room.opened.at),
        "date_updated": rfc2822(room.updated),
        "reason_conference_ended": room.reason,
        "call_sid_ending_conference": room.ending_call,
        "uri": format!("{uri}.json"),
        "subresource_uris": {
            "participants": format!("{uri}/Participants.json"),
            "recordings": format!("{uri}/Recordings.json"),
        },
    })
}

pub(super) fn conference_status(room: &ConferenceRecord) -> &'static str {
    match (room.started, room.ended) {
        (_, Some(_)) => "completed",
        (Some(_), None) => "in-progress",
        (None, None) => "init",
    }
}

pub(super) fn participant(carrier: &Carrier, conference: &str, attendee: &Attendee) -> Value {
    let path =
        format!("{}/Conferences/{conference}/Participants/{}", account_path(carrier), attendee.call_sid);
    json!({
        "call_sid": attendee.call_sid,
        "conference_sid": conference,
        "account_sid": carrier.config.account_sid,
        "label": Some(&attendee.label).filter(|label| !label.is_empty()),
        "muted": attendee.muted,
        "hold": attendee.hold,
        "coaching": false,
        "call_sid_to_coach": null,
        "start_conference_on_enter": attendee.start_on_enter,
        "end_conference_on_exit": attendee.end_on_exit,
        "status": "connected",
        "queue_time": null,
        "date_created": rfc2822(attendee.joined),
        "date_updated": rfc2822(attendee.updated),
        "uri": format!("{path}.json"),
    })
}

pub(super) fn recording(carrier: &Carrier, recording: &RecordingRecord) -> Value {
    let now = carrier.clock.now();
    let status = recording.status_at(now);
    let uri = format!("{}/Recordings/{}", account_path(carrier), recording.sid);
    let is_ready = status == "completed";
    let duration_s = recording.duration_s();
    let value = json!({
        "sid": recording.sid,
        "account_sid": carrier.config.account_sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call,
        "conference_sid": recording.conference,
        "date_created": rfc2822(recording.started.at),
        "date_updated": rfc2822(recording.ready_at.filter(|ready_at| *ready_at <= now).unwrap_or(recording.started.at)),
        "start_time": rfc2822(recording.started.at),
        "duration": duration_s.map_or_else(|| "-1".to_owned(), |seconds| seconds.to_string()),
        "channels": recording.channels(),
        "price": duration_s.filter(|_| is_ready).map(|seconds| price(seconds, RECORDING_PRICE_MICROS)),
        "price_unit": "USD",
        "status": status,
        "source": recording.source(),
        "track": "both",
        "error_code": null,
        "media_url": is_ready.then(|| crate::recordings::url(carrier, &recording.sid)),
        "encryption_details": null,
        "uri": format!("{uri}.json"),
        "subresource_uris": {
            "add_on_results": format!("{uri}/AddOnResults.json"),
            "transcriptions": format!("{uri}/Transcriptions.json"),
        },
    });
    in_dialect(carrier, value)
}

/// How a number is shown to people.
pub(super) fn formatted(number: &str) -> String {
    match number.strip_prefix("+1").filter(|digits| digits.len() == 10 && digits.is_ascii()) {
        Some(digits) => format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]),
        None => number.to_owned(),
    }
}

fn date(moment: Option<Moment>) -> Option<String> {
    moment.map(|moment| rfc2822(moment.at))
}

/// A price for started minutes: a negative decimal, as a charge is.
fn price(seconds: u64, micros_per_minute: u64) -> String {
    let micros = seconds.div_ceil(60).saturating_mul(micros_per_minute);
    format!("-{}.{:05}", micros / 1_000_000, micros % 1_000_000 / 10)
}

/// Whether an instant passes the three filters of a date: on a day or at an instant, up to it,
/// and from it on. Filters may be a day or an instant; nothing passes a filter it has no date for.
pub(super) fn passes_dates(form: &super::form::Form, name: &str, at: Option<Timestamp>) -> bool {
    let compare =
        |suffix: &str, passes: fn(std::cmp::Ordering) -> bool| match form.get(&format!("{name}{suffix}")) {
            None => true,
            Some(bound) => at.and_then(|at| compare_to_bound(at, bound)).is_some_and(passes),
        };
    compare("", std::cmp::Ordering::is_eq)
        && compare("<", std::cmp::Ordering::is_le)
        && compare(">", std::cmp::Ordering::is_ge)
}

fn compare_to_bound(at: Timestamp, bound: &str) -> Option<std::cmp::Ordering> {
    if let Ok(instant) = bound.parse::<Timestamp>() {
        return Some(at.cmp(&instant));
    }
    let day: jiff::civil::Date = bound.parse().ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date().cmp(&day))
}

#[cfg(test)]
mod tests {
    use super::super::form::Form;
    use super::*;

    #[test]
    fn prices_round_up_to_minutes_and_are_negative() {
        let prices = [0, 1, 60, 61, 7200].map(|seconds| price(seconds, CALL_PRICE_MICROS));
        assert_eq!(prices, ["-0.00000", "-0.01385", "-0.01385", "-0.02770", "-1.66200"]);
        assert_eq!(price(61, RECORDING_PRICE_MICROS), "-0.00500");
    }

    #[test]
    fn dates_are_filtered_by_day_or_by_instant() {
        let at = "2025-10-14T17:03:01Z".parse().ok();
        let rows = [
            ("", true),
            ("StartTime=2025-10-14", true),
            ("StartTime=2025-10-13", false),
            ("StartTime%3E=2025-10-14", true),
            ("StartTime%3E=2025-10-15", false),
            ("StartTime%3C=2025-10-14", true),
            ("StartTime%3E=2025-10-14T17:03:01Z&StartTime%3C=2025-10-14T17:03:02Z", true),
            ("StartTime%3E=2025-10-14T17:03:02Z", false),
            ("StartTime=nonsense", false),
        ];
        for (query, expected) in rows {
            let form = Form::parse(query.as_bytes());
            assert_eq!(passes_dates(&form, "StartTime", at), expected, "{query}");
            assert_eq!(passes_dates(&form, "StartTime", None), query.is_empty(), "{query}, without a date");
        }
    }
}
