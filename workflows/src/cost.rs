//! Cost: what the carrier will charge for a call, estimated when it ends.
//!
//! Money is counted in micros, millionths of a US dollar. The rates are the list prices in the United
//! States for pay-as-you-go accounts; the carrier's own figure replaces the estimate when it comes.

use crate::call::Plan;
use crate::call::legs::LegRecord;
use crate::call::memory::Memory;

/// One connected minute of one leg.
pub const LEG_MINUTE_MICROS: i64 = 14_000;
/// One detection, whatever it concludes.
pub const DETECTION_MICROS: i64 = 7_500;
/// One minute of one participant in a conference.
pub const CONFERENCE_MINUTE_MICROS: i64 = 1_800;
/// One minute of recording.
pub const RECORDING_MINUTE_MICROS: i64 = 2_500;

/// One minute of a call in progress, at its dearest: two legs in a recorded conference.
pub const CALL_MINUTE_MICROS: i64 =
    2 * (LEG_MINUTE_MICROS + CONFERENCE_MINUTE_MICROS) + RECORDING_MINUTE_MICROS;
/// What is set aside for a call before it is dialed: ten minutes. One that lasts longer is counted as it goes.
pub const RESERVATION_MICROS: i64 = 10 * CALL_MINUTE_MICROS + DETECTION_MICROS;

/// The estimated cost of a call in micros. Every leg is charged by the begun minute; what was never
/// answered is free.
#[must_use]
pub fn of(call: &Memory, plan: &Plan) -> i64 {
    let leg_minutes: i64 = call.legs.iter().map(minutes).sum();
    let detections = i64::from(call.verdict.is_some());
    let talk_minutes = begun_minutes(call.talk_s());
    let conference_minutes = if call.waiting_since.is_some() { leg_minutes } else { 0 };
    let recorded_minutes = if plan.conduct.record { talk_minutes } else { 0 };
    leg_minutes * LEG_MINUTE_MICROS
        + detections * DETECTION_MICROS
        + conference_minutes * CONFERENCE_MINUTE_MICROS
        + recorded_minutes * RECORDING_MINUTE_MICROS
}

fn minutes(leg: &LegRecord) -> i64 {
    match leg.answered_at {
        // An answered leg of less than a second is charged as one second, hence as one minute.
        Some(_) => begun_minutes(i64::from(leg.duration_s).max(1)),
        None => 0,
    }
}

fn begun_minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}
