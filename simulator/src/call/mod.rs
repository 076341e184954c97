//! Calls: one task each, from the queue to the end.
//!
//! A task waits for three parties at once: the document that runs the call, the callee, and the
//! REST requests that steer it. Whatever ends or replaces a document simply drops it, so a late
//! answer of the customer to an outdated request changes nothing.

mod amd;
mod attend;
mod callee;
mod document;
mod gather;
mod life;
mod talk;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use crate::amd::Detected;
use crate::carrier::{Carrier, Notice, queue_time_ms};
use crate::clock::{rfc2822, seconds_between};
use crate::fact::Fact;
use crate::fields::{self, push};
use crate::order::{Order, Source, Stage};
use crate::record::{CallRecord, Status};
use crate::room::Leaving;
use crate::scenario::Scenario;
use crate::webhook::Fields;
use crate::{recordings, sid};

/// What a REST request wants of a live call. The sender learns of success through the
/// acknowledgement; one that is dropped means the call is not, or no longer, in the right state.
pub(crate) enum Control {
    /// Continue elsewhere.
    Redirect(Source, Ack),
    /// End at any stage.
    End(Ack),
    /// Take back if not yet answered.
    Cancel(Ack),
    /// Change the order for what is still to come.
    Amend(Box<Order>, Ack),
}

type Ack = oneshot::Sender<()>;
type Inbox = mpsc::UnboundedReceiver<Control>;

/// What the callee hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hearing {
    /// Whatever the document says.
    Document,
    /// A prompt that wants keys.
    Prompt,
    /// Music, until somebody comes.
    Waiting,
    /// Somebody on the other side.
    Bridged,
    /// Nobody any more.
    Alone,
}

/// A call's own state, shared by the parts of its task.
struct Leg {
    carrier: Arc<Carrier>,
    sid: String,
    scenario: Scenario,
    /// What the chances of this call are rolled by: its number, and how often that was called.
    luck: String,
    order: Mutex<Arc<Order>>,
    hearing: watch::Sender<Hearing>,
    verdict: watch::Sender<Option<Detected>>,
}

/// Accepts an order: writes it down, gives it a place in the queue and starts its task.
pub(crate) fn place(carrier: &Arc<Carrier>, order: Order) -> std::io::Result<CallRecord> {
    let sid = sid::in_dialect(carrier.config.dialect, "CA");
    let nth = carrier.ledger.read(|books| books.calls_to(&order.to));
    let scenario = carrier.population.answer_to(&order.to, nth);
    let now = carrier.clock.now();
    let slot = carrier.take_slot(now);
    carrier.try_record_at(
        now,
        Fact::Created {
            sid: sid.clone(),
            order: Box::new(order.clone()),
            scenario: scenario.clone(),
            queue_time_ms: queue_time_ms(now, slot),
        },
    )?;
    let leg = Leg {
        carrier: Arc::clone(carrier),
        luck: format!("{}/{nth}", order.to),
        sid: sid.clone(),
        scenario,
        order: Mutex::new(Arc::new(order)),
        hearing: watch::Sender::new(Hearing::Document),
        verdict: watch::Sender::new(None),
    };
    let (sender, inbox) = mpsc::unbounded_channel();
    carrier.connect(&sid, sender);
    let record =
        carrier.ledger.call(&sid).ok_or_else(|| std::io::Error::other("the call was not recorded"))?;
    carrier.spawn(life::run(leg, inbox, slot));
    Ok(record)
}

/// Ends the calls that were live when the carrier last stopped, and announces what is overdue.
pub(crate) fn settle_after_restart(carrier: &Arc<Carrier>) {
    let (calls, rooms, recordings) = carrier.ledger.read(|books| {
        let calls: Vec<_> = books.calls.iter().filter(|call| !call.status.is_final()).cloned().collect();
        let rooms: Vec<_> = books.conferences.iter().filter(|room| room.ended.is_none()).cloned().collect();
        let recordings: Vec<_> = books
            .recordings
            .iter()
            .filter(|recording| !recording.announced && !recording.removed)
            .cloned()
            .collect();
        (calls, rooms, recordings)
    });
    for recording in recordings {
        match recording.stopped {
            None => recordings::stop(carrier, &recording.sid),
            Some(_) => recordings::announce_when_ready(carrier, &recording.sid),
        }
    }
    for call in calls {
        for stay in call.stays.iter().filter(|stay| stay.left.is_none()) {
            let (conference, reason) = (stay.conference.clone(), Leaving::HungUp.as_str().to_owned());
            carrier.record(Fact::Left { sid: call.sid.clone(), conference, reason });
        }
        let status = if call.answered.is_some() { Status::Completed } else { Status::Failed };
        carrier.record(Fact::Ended { sid: call.sid.clone(), status, sip_code: sip_code(status) });
        report(carrier, &call.sid, Stage::Completed, &call.order.to);
    }
    for room in rooms {
        let (reason, ending_call) = ("last-participant-left".to_owned(), None);
        carrier.record(Fact::ConferenceEnded { conference: room.sid, reason, ending_call });
    }
}

impl Leg {
    fn order(&self) -> Arc<Order> {
        Arc::clone(&self.lock_order())
    }

    fn amend(&self, order: Order) {
        self.carrier.record(Fact::Amended { sid: self.sid.clone(), order: Box::new(order.clone()) });
        *self.lock_order() = Arc::new(order);
    }

    fn hear(&self, hearing: Hearing) {
        self.hearing.send_replace(hearing);
    }

    /// The fields of a document request while the call is up.
    fn document_fields(&self) -> Fields {
        fields::of_call(&fields::Subject {
            account_sid: &self.carrier.config.account_sid,
            call_sid: &self.sid,
            order: &self.order(),
            status: Status::InProgress.as_str(),
        })
    }

    fn warn(&self, code: u32, detail: String) {
        tracing::debug!(call.sid = self.sid, code, detail, "warning");
        self.carrier.record(Fact::Warned { sid: self.sid.clone(), code, detail });
    }

    fn report(&self, stage: Stage) {
        report(&self.carrier, &self.sid, stage, &self.luck);
    }

    fn lock_order(&self) -> MutexGuard<'_, Arc<Order>> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends the status callback of the stage a call has just reached, if it is subscribed.
fn report(carrier: &Arc<Carrier>, sid: &str, stage: Stage, luck: &str) {
    let Some(call) = carrier.ledger.call(sid) else { return };
    let Some(callback) = call.order.status_callback.clone().filter(|_| call.order.wants(stage)) else {
        return;
    };
    let mut fields = fields::of_call(&fields::Subject {
        account_sid: &carrier.config.account_sid,
        call_sid: sid,
        order: &call.order,
        status: call.status.as_str(),
    });
    push(&mut fields, "SequenceNumber", call.stages_passed().saturating_sub(1));
    push(&mut fields, "Timestamp", rfc2822(reached_at(&call, stage).unwrap_or_else(|| carrier.clock.now())));
    push(&mut fields, "CallbackSource", "call-progress-events");
    if stage == Stage::Completed {
        describe_end(carrier, &call, &mut fields);
    }
    carrier.notify(Notice {
        about: sid.to_owned(),
        kind: format!("status:{}", call.status.as_str()),
        callback,
        fields,
        luck: luck.to_owned(),
    });
}

fn reached_at(call: &CallRecord, stage: Stage) -> Option<Timestamp> {
    let moment = match stage {
        Stage::Initiated => call.initiated,
        Stage::Ringing => call.ringing,
        Stage::Answered => call.answered,
        Stage::Completed => call.ended,
    };
    moment.map(|moment| moment.at)
}

fn describe_end(carrier: &Carrier, call: &CallRecord, fields: &mut Fields) {
    let duration_s = call.duration_s().unwrap_or_default();
    push(fields, "CallDuration", duration_s);
    push(fields, "Duration", duration_s.div_ceil(60));
    push(fields, "SipResponseCode", call.sip_code.unwrap_or(200));
    let is_async = call.order.detection.as_ref().is_some_and(|detection| detection.async_callback.is_some());
    if let Some(answered_by) = call.answered_by
        && (!is_async || carrier.config.quirks.answered_by_at_end)
    {
        push(fields, "AnsweredBy", answered_by.as_str());
    }
    let recorded = carrier.ledger.read(|books| {
        books.recordings.iter().rfind(|recording| recording.call.as_deref() == Some(&call.sid)).cloned()
    });
    if let Some(recording) = recorded {
        push(fields, "RecordingUrl", recordings::url(carrier, &recording.sid));
        push(fields, "RecordingSid", &recording.sid);
        let until = recording.stopped.map_or_else(|| carrier.clock.now(), |stopped| stopped.at);
        push(fields, "RecordingDuration", seconds_between(recording.started.at, until) as u64);
    }
}

/// The telephone network's code for an ending.
fn sip_code(status: Status) -> u16 {
    match status {
        Status::Busy => 486,
        Status::NoAnswer | Status::Canceled => 487,
        Status::Failed => 404,
        _ => 200,
    }
}
