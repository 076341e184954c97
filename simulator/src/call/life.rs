//! The life of a call: queue, ringing, talk, end.

use jiff::Timestamp;

use super::{Ack, Control, Inbox, Leg, sip_code, talk};
use crate::clock::after;
use crate::fact::Fact;
use crate::order::Stage;
use crate::record::Status;
use crate::recordings;
use crate::room::Leaving;
use crate::scenario::Scenario;

/// How a call ended, and who waits to hear of it.
pub(super) struct Ending {
    pub(super) status: Status,
    pub(super) at: Timestamp,
    pub(super) acks: Vec<Ack>,
}

/// How long a busy line takes to say so.
const BUSY_AFTER_S: f64 = 1.5;

/// Runs a call from its place in the queue to its end.
pub(super) async fn run(leg: Leg, mut inbox: Inbox, slot: Timestamp) {
    let ending = match dial(&leg, &mut inbox, slot).await {
        Ok(()) => answered(&leg, &mut inbox).await,
        Err(ending) => ending,
    };
    leg.carrier.record_at(
        ending.at,
        Fact::Ended { sid: leg.sid.clone(), status: ending.status, sip_code: sip_code(ending.status) },
    );
    leg.carrier.disconnect(&leg.sid);
    leg.report(Stage::Completed);
    for ack in ending.acks {
        // Whoever asked may have gone away; the call has ended all the same.
        let _ = ack.send(());
    }
}

/// Everything up to the answer. Every step is due at an exact instant that follows from the one
/// before, so that the ledger shows the carrier's pace and not the machine's load.
async fn dial(leg: &Leg, inbox: &mut Inbox, slot: Timestamp) -> Result<(), Ending> {
    let clock_in = |fact, at| leg.carrier.record_at(at, fact);
    leg.wait_until(slot, inbox).await?;
    clock_in(Fact::Initiated { sid: leg.sid.clone() }, slot);
    leg.report(Stage::Initiated);

    let set_up_s = leg.carrier.dice.between(0.4, 1.2, &["set-up", &leg.luck]);
    let ring_at = after(slot, set_up_s);
    leg.wait_until(ring_at, inbox).await?;
    if leg.scenario == Scenario::Failed {
        return Err(Ending::new(Status::Failed, ring_at));
    }
    clock_in(Fact::Ringing { sid: leg.sid.clone() }, ring_at);
    leg.report(Stage::Ringing);

    if leg.scenario == Scenario::Busy {
        let busy_at = after(ring_at, BUSY_AFTER_S);
        leg.wait_until(busy_at, inbox).await?;
        return Err(Ending::new(Status::Busy, busy_at));
    }
    let timeout_s = f64::from(leg.order().timeout_s);
    let Some(answer_after_s) = leg.scenario.answer_after_s().filter(|seconds| *seconds < timeout_s) else {
        let given_up_at = after(ring_at, timeout_s);
        leg.wait_until(given_up_at, inbox).await?;
        return Err(Ending::new(Status::NoAnswer, given_up_at));
    };
    let answer_at = after(ring_at, answer_after_s);
    leg.wait_until(answer_at, inbox).await?;
    clock_in(Fact::Answered { sid: leg.sid.clone() }, answer_at);
    leg.report(Stage::Answered);
    Ok(())
}

async fn answered(leg: &Leg, inbox: &mut Inbox) -> Ending {
    let recording = leg.order().recording.clone().map(|request| {
        let subject = recordings::Subject { call: Some(leg.sid.clone()), conference: None };
        recordings::start(&leg.carrier, subject, request)
    });
    let acks = talk::run(leg, inbox).await;
    leg.carrier.rooms.leave(&leg.carrier, &leg.sid, Leaving::HungUp);
    if let Some(recording) = recording {
        recordings::stop(&leg.carrier, &recording);
    }
    Ending { status: Status::Completed, at: leg.carrier.clock.now(), acks }
}

impl Leg {
    /// Waits before the answer; an `Err` is the end of the call by a REST request.
    async fn wait_until(&self, at: Timestamp, inbox: &mut Inbox) -> Result<(), Ending> {
        let due = self.carrier.clock.sleep_until(at);
        tokio::pin!(due);
        loop {
            tokio::select! {
                biased;
                Some(control) = inbox.recv() => match control {
                    Control::End(ack) | Control::Cancel(ack) => {
                        let ending = Ending::new(Status::Canceled, self.carrier.clock.now());
                        return Err(Ending { acks: vec![ack], ..ending });
                    }
                    // There is no document to leave yet: dropping the acknowledgement refuses it.
                    Control::Redirect(..) => {}
                    Control::Amend(order, ack) => {
                        self.amend(*order);
                        let _ = ack.send(());
                    }
                },
                () = &mut due => return Ok(()),
            }
        }
    }
}

impl Ending {
    fn new(status: Status, at: Timestamp) -> Self {
        Self { status, at, acks: Vec::new() }
    }
}
