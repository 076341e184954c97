//! The talk: an answered call, until somebody or something ends it.

use std::pin::pin;

use tokio::sync::mpsc;

use super::{Ack, Control, Hearing, Inbox, Leg, amd, callee, document};
use crate::clock::after;
use crate::fact::Fact;
use crate::order::Source;
use crate::room::Leaving;

/// Runs an answered call. Returns the requests that wait for its end.
pub(super) async fn run(leg: &Leg, inbox: &mut Inbox) -> Vec<Ack> {
    let clock = leg.carrier.clock;
    let answered_at = clock.now();
    let (presses, mut keys) = mpsc::unbounded_channel();
    let mut callee = pin!(callee::behave(&leg.scenario, clock, leg.hearing.subscribe(), presses));
    let mut detection = pin!(amd::listen(leg));
    let mut detected = false;
    let mut start = document::Start::Answer(leg.order().source.clone());
    loop {
        let source = {
            let mut document = pin!(document::run(leg, &mut keys, start));
            loop {
                let limit = clock.sleep_until(after(answered_at, f64::from(leg.order().time_limit_s)));
                tokio::select! {
                    biased;
                    Some(control) = inbox.recv() => match serve(leg, control) {
                        Served::Stay => {}
                        Served::Go(source) => break source,
                        Served::Over(ack) => return vec![ack],
                    },
                    () = &mut callee => {
                        amd::hung_up(leg, answered_at);
                        return Vec::new();
                    }
                    () = &mut detection, if !detected => detected = true,
                    () = &mut document => return Vec::new(),
                    () = limit => return Vec::new(),
                }
            }
        };
        leg.carrier.rooms.leave(&leg.carrier, &leg.sid, Leaving::Updated);
        leg.carrier.record(Fact::Redirected { sid: leg.sid.clone() });
        leg.hear(Hearing::Document);
        start = document::Start::Redirect(source);
    }
}

enum Served {
    Stay,
    Go(Source),
    Over(Ack),
}

fn serve(leg: &Leg, control: Control) -> Served {
    match control {
        Control::Redirect(source, ack) => {
            let _ = ack.send(());
            Served::Go(source)
        }
        Control::End(ack) => Served::Over(ack),
        // Taking back an answered call does nothing, and says nothing.
        Control::Cancel(ack) => {
            let _ = ack.send(());
            Served::Stay
        }
        Control::Amend(order, ack) => {
            leg.amend(*order);
            let _ = ack.send(());
            Served::Stay
        }
    }
}
