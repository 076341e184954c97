//! Attending a conference: a leg enters, waits, talks, and is let go.

use std::future::pending;
use std::pin::pin;

use url::Url;

use super::document::{Page, entertain, resolve};
use super::{Hearing, Leg};
use crate::fact::Fact;
use crate::fields::push;
use crate::order::Recording;
use crate::room::{Attendee, Leaving, Presence};
use crate::rooms::{Entry, Host};
use crate::twiml::Conference;
use crate::webhook::Fields;

/// Stays in the conference until let go; returns the page to ask afterwards, or `None` when the
/// document goes on. A leg that leaves on its own account drops this; its task leaves for it.
pub(super) async fn run(leg: &Leg, conference: &Conference, base: Option<&Url>) -> Option<Page> {
    let Some(seat) = leg.carrier.rooms.join(&leg.carrier, entry(leg, conference, base)) else {
        leg.warn(16020, format!("the conference {} is full", conference.name));
        return after_dial(conference, base, Outcome::Failed);
    };
    let mut presence = seat.presence;
    let mut music = pin!(async {
        match &conference.wait {
            Some(wait) => entertain(leg, resolve(wait, base)).await,
            None => pending().await,
        }
    });
    let mut limit = pin!(leg.carrier.clock.sleep(conference.time_limit_s));
    let mut outcome = Outcome::NeverBridged;
    loop {
        let now = *presence.borrow_and_update();
        match now {
            Presence::Dropped => break,
            Presence::Bridged => {
                outcome = Outcome::Bridged;
                let (sid, conference) = (leg.sid.clone(), seat.conference.clone());
                leg.carrier.record(Fact::Bridged { sid, conference });
                leg.hear(Hearing::Bridged);
            }
            Presence::Waiting | Presence::Held => leg.hear(Hearing::Waiting),
            Presence::Alone => leg.hear(Hearing::Alone),
        }
        tokio::select! {
            biased;
            changed = presence.changed() => if changed.is_err() { break },
            failure = &mut music, if now == Presence::Waiting => {
                // Without its wait document a leg does not get in.
                leg.warn(failure.code, failure.detail);
                outcome = Outcome::Failed;
                break;
            }
            () = &mut limit => break,
        }
    }
    // Does nothing for a leg that was let go already.
    leg.carrier.rooms.leave(&leg.carrier, &leg.sid, Leaving::HungUp);
    leg.hear(Hearing::Document);
    after_dial(conference, base, outcome)
}

enum Outcome {
    NeverBridged,
    Bridged,
    Failed,
}

fn after_dial(conference: &Conference, base: Option<&Url>, outcome: Outcome) -> Option<Page> {
    let action = conference.action.as_ref()?;
    let mut extra = Fields::new();
    push(
        &mut extra,
        "DialCallStatus",
        if matches!(outcome, Outcome::Failed) { "failed" } else { "answered" },
    );
    push(&mut extra, "DialBridged", matches!(outcome, Outcome::Bridged));
    Some(Page { callback: resolve(action, base), extra })
}

fn entry(leg: &Leg, conference: &Conference, base: Option<&Url>) -> Entry {
    let now = leg.carrier.clock.now();
    let callback = |link: &Option<_>| link.as_ref().map(|link| resolve(link, base));
    Entry {
        name: conference.name.clone(),
        attendee: Attendee {
            call_sid: leg.sid.clone(),
            label: conference.label.clone(),
            muted: conference.muted,
            hold: false,
            start_on_enter: conference.start_on_enter,
            end_on_exit: conference.end_on_exit,
            joined: now,
            updated: now,
        },
        participants_max: conference.participants_max,
        host: Host {
            status_callback: callback(&conference.status_callback),
            status_events: conference.status_events.clone(),
            recording: conference.record_from_start.then(|| Recording {
                callback: callback(&conference.recording_callback),
                events: conference.recording_events.clone(),
            }),
            luck: leg.luck.clone(),
        },
    }
}
