//! Detection during a call: the verdict falls while the callee speaks, and is reported.

use jiff::Timestamp;

use super::Leg;
use crate::amd::{AnsweredBy, Detected, Detection};
use crate::carrier::Notice;
use crate::clock::seconds_between;
use crate::fact::Fact;
use crate::fields::push;
use crate::webhook::Fields;

/// Listens to the callee until the verdict, if detection was ordered.
pub(super) async fn listen(leg: &Leg) {
    let order = leg.order();
    let Some(detection) = &order.detection else { return };
    let detected = detection.listen_to(leg.scenario.voice());
    leg.carrier.clock.sleep(f64::from(detected.after_ms) / 1000.0).await;
    conclude(leg, detection, detected);
}

/// The callee hung up: a verdict that is still open may be reported as unknown.
pub(super) fn hung_up(leg: &Leg, answered_at: Timestamp) {
    let order = leg.order();
    let Some(detection) = &order.detection else { return };
    if leg.carrier.config.quirks.verdict_at_early_hangup && leg.verdict.borrow().is_none() {
        let after_ms = (seconds_between(answered_at, leg.carrier.clock.now()) * 1000.0) as u32;
        conclude(leg, detection, Detected { answered_by: AnsweredBy::Unknown, after_ms });
    }
}

/// Waits for the verdict when the first document must not run before it.
pub(super) async fn verdict_before_document(leg: &Leg) -> Option<Detected> {
    let order = leg.order();
    if order.detection.as_ref().is_none_or(|detection| detection.async_callback.is_some()) {
        return None;
    }
    let mut verdict = leg.verdict.subscribe();
    verdict.wait_for(Option::is_some).await.ok().and_then(|verdict| *verdict)
}

fn conclude(leg: &Leg, detection: &Detection, detected: Detected) {
    let Detected { answered_by, after_ms } = detected;
    leg.carrier.record(Fact::Detected { sid: leg.sid.clone(), answered_by, after_ms });
    leg.verdict.send_replace(Some(detected));
    let Some(callback) = detection.async_callback.clone() else { return };
    let mut fields = Fields::new();
    push(&mut fields, "CallSid", &leg.sid);
    push(&mut fields, "AccountSid", &leg.carrier.config.account_sid);
    push(&mut fields, "AnsweredBy", answered_by.as_str());
    push(&mut fields, "MachineDetectionDuration", after_ms);
    leg.carrier.notify(Notice {
        about: leg.sid.clone(),
        kind: "amd".to_owned(),
        callback,
        fields,
        luck: leg.luck.clone(),
    });
}
