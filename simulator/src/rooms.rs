//! All live conferences by name: who joins which, and whom their events are sent to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::carrier::{Carrier, Notice};
use crate::clock::rfc2822;
use crate::fact::Fact;
use crate::fields::push;
use crate::order::{Callback, Recording};
use crate::recordings;
use crate::room::{Attendee, Change, Happening, Leaving, Presence, Room};
use crate::sid;
use crate::webhook::Fields;

/// The live conferences of the account.
#[derive(Default)]
pub(crate) struct Rooms {
    by_name: Mutex<HashMap<String, Live>>,
}

/// A live conference with what its first joiner ordered; what later joiners order is ignored.
struct Live {
    room: Room,
    name: String,
    host: Host,
    sequence: u32,
    recording: Option<String>,
}

/// What the first joiner of a conference orders for it.
pub(crate) struct Host {
    pub(crate) status_callback: Option<Callback>,
    pub(crate) status_events: Vec<String>,
    /// Set when the conference is to be recorded from its start.
    pub(crate) recording: Option<Recording>,
    /// What the faults of its events are rolled by.
    pub(crate) luck: String,
}

/// A wish to enter a conference.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) attendee: Attendee,
    pub(crate) participants_max: usize,
    pub(crate) host: Host,
}

/// A place in a conference.
pub(crate) struct Seat {
    pub(crate) conference: String,
    pub(crate) presence: watch::Receiver<Presence>,
}

impl Rooms {
    /// Enters the conference of that name, opening it if there is none; `None` when it is full.
    pub(crate) fn join(&self, carrier: &Arc<Carrier>, entry: Entry) -> Option<Seat> {
        let Entry { name, attendee, participants_max, host } = entry;
        let mut rooms = self.lock();
        let live = rooms.entry(name.clone()).or_insert_with(|| {
            let conference = sid::in_dialect(carrier.config.dialect, "CF");
            carrier.record(Fact::ConferenceOpened { conference: conference.clone(), name: name.clone() });
            Live { room: Room::new(conference), name, host, sequence: 0, recording: None }
        });
        if live.room.attendees().count() >= participants_max.clamp(1, 250) {
            return None;
        }
        let (presence, mut happenings) = live.room.join(attendee);
        if carrier.config.quirks.start_before_join {
            happenings.reverse();
        }
        live.publish(carrier, &happenings);
        Some(Seat { conference: live.room.sid.clone(), presence })
    }

    /// Leaves the conference; does nothing for a call that is in none.
    pub(crate) fn leave(&self, carrier: &Arc<Carrier>, call_sid: &str, leaving: Leaving) {
        let leave = |live: &mut Live| Some(live.room.leave(call_sid, leaving));
        self.with(carrier, |live| live.room.attendee(call_sid).is_some(), leave);
    }

    /// Ends a conference; `false` when it is not live.
    pub(crate) fn end(&self, carrier: &Arc<Carrier>, conference: &str) -> bool {
        self.with(carrier, |live| live.is(conference), |live| Some(live.room.end()))
    }

    /// Changes a participant; `false` when it is not in that conference.
    pub(crate) fn change(&self, carrier: &Arc<Carrier>, place: Place<'_>, change: Change) -> bool {
        let now = carrier.clock.now();
        self.with(
            carrier,
            |live| live.is(place.conference),
            |live| live.room.change(place.call_sid, change, now),
        )
    }

    /// Removes a participant from a conference; `false` when it is not in it.
    pub(crate) fn kick(&self, carrier: &Arc<Carrier>, place: Place<'_>) -> bool {
        self.with(
            carrier,
            |live| live.is(place.conference) && live.room.attendee(place.call_sid).is_some(),
            |live| Some(live.room.leave(place.call_sid, Leaving::Kicked)),
        )
    }

    /// The participants of a live conference, given by sid or by name; none when it is not live.
    pub(crate) fn attendees(&self, conference: &str) -> Vec<Attendee> {
        let rooms = self.lock();
        rooms
            .values()
            .filter(|live| live.is(conference))
            .flat_map(|live| live.room.attendees())
            .cloned()
            .collect()
    }

    /// The sid of a live conference, given by sid or by name.
    pub(crate) fn sid_of(&self, conference: &str) -> Option<String> {
        self.lock().values().find(|live| live.is(conference)).map(|live| live.room.sid.clone())
    }

    /// Applies a change to the first conference that matches, and publishes what came of it.
    fn with(
        &self,
        carrier: &Arc<Carrier>,
        matches: impl Fn(&Live) -> bool,
        apply: impl FnOnce(&mut Live) -> Option<Vec<Happening>>,
    ) -> bool {
        let mut rooms = self.lock();
        let Some(live) = rooms.values_mut().find(|live| matches(live)) else { return false };
        let Some(happenings) = apply(live) else { return false };
        live.publish(carrier, &happenings);
        // A name belongs to a conference only while it is live.
        if happenings.iter().any(|happening| matches!(happening, Happening::Ended { .. })) {
            let name = live.name.clone();
            rooms.remove(&name);
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Live>> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names a participant.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) conference: &'a str,
    pub(crate) call_sid: &'a str,
}

impl Live {
    fn is(&self, conference: &str) -> bool {
        self.room.sid == conference || self.name == conference
    }

    fn publish(&mut self, carrier: &Arc<Carrier>, happenings: &[Happening]) {
        for happening in happenings {
            self.record(carrier, happening);
            self.notify(carrier, happening);
        }
    }

    fn record(&mut self, carrier: &Arc<Carrier>, happening: &Happening) {
        let conference = self.room.sid.clone();
        match happening {
            Happening::Joined(attendee) => {
                carrier.record(Fact::Joined { sid: attendee.call_sid.clone(), conference });
            }
            Happening::Left(attendee, leaving) => {
                let reason = leaving.as_str().to_owned();
                carrier.record(Fact::Left { sid: attendee.call_sid.clone(), conference, reason });
            }
            Happening::Started => {
                carrier.record(Fact::ConferenceStarted { conference: conference.clone() });
                if let Some(request) = &self.host.recording {
                    let subject = recordings::Subject { call: None, conference: Some(conference) };
                    self.recording = Some(recordings::start(carrier, subject, request.clone()));
                }
            }
            Happening::Ended { reason, ending } => {
                let ending_call = ending.as_ref().map(|attendee| attendee.call_sid.clone());
                carrier.record(Fact::ConferenceEnded {
                    conference,
                    reason: (*reason).to_owned(),
                    ending_call,
                });
                if let Some(recording) = self.recording.take() {
                    recordings::stop(carrier, &recording);
                }
            }
            Happening::Changed(..) => {}
        }
    }

    fn notify(&mut self, carrier: &Arc<Carrier>, happening: &Happening) {
        self.sequence += 1;
        let (event, subscription) = event_of(happening);
        let Some(callback) = &self.host.status_callback else { return };
        if !self.host.status_events.iter().any(|wanted| wanted == subscription) {
            return;
        }
        let mut fields = Fields::new();
        push(&mut fields, "AccountSid", &carrier.config.account_sid);
        push(&mut fields, "ConferenceSid", &self.room.sid);
        push(&mut fields, "FriendlyName", &self.name);
        push(&mut fields, "SequenceNumber", self.sequence);
        push(&mut fields, "Timestamp", rfc2822(carrier.clock.now()));
        push(&mut fields, "StatusCallbackEvent", event);
        describe(&mut fields, happening);
        carrier.notify(Notice {
            about: self.room.sid.clone(),
            kind: format!("conference:{event}"),
            callback: callback.clone(),
            fields,
            luck: format!("{}/{event}/{}", self.host.luck, self.sequence),
        });
    }
}

/// The name of the event, and the word that subscribes to it.
fn event_of(happening: &Happening) -> (&'static str, &'static str) {
    match happening {
        Happening::Joined(_) => ("participant-join", "join"),
        Happening::Started => ("conference-start", "start"),
        Happening::Left(..) => ("participant-leave", "leave"),
        Happening::Ended { .. } => ("conference-end", "end"),
        Happening::Changed(_, name) => match *name {
            "participant-mute" | "participant-unmute" => (name, "mute"),
            "participant-hold" | "participant-unhold" => (name, "hold"),
            _ => (name, "modify"),
        },
    }
}

fn describe(fields: &mut Fields, happening: &Happening) {
    match happening {
        Happening::Started => {}
        Happening::Joined(attendee) | Happening::Changed(attendee, _) => describe_attendee(fields, attendee),
        Happening::Left(attendee, leaving) => {
            describe_attendee(fields, attendee);
            let status = if *leaving == Leaving::HungUp { "completed" } else { "in-progress" };
            push(fields, "ParticipantCallStatus", status);
            push(fields, "ReasonParticipantLeft", leaving.as_str());
        }
        Happening::Ended { reason, ending } => {
            if let Some(attendee) = ending {
                push(fields, "CallSidEndingConference", &attendee.call_sid);
                if !attendee.label.is_empty() {
                    push(fields, "ParticipantLabelEndingConference", &attendee.label);
                }
            }
            push(fields, "ReasonConferenceEnded", reason);
            push(fields, "Reason", format!("The conference ended: {}", reason.replace('-', " ")));
        }
    }
}

fn describe_attendee(fields: &mut Fields, attendee: &Attendee) {
    push(fields, "CallSid", &attendee.call_sid);
    if !attendee.label.is_empty() {
        push(fields, "ParticipantLabel", &attendee.label);
    }
    push(fields, "Muted", attendee.muted);
    push(fields, "Hold", attendee.hold);
    push(fields, "Coaching", false);
    push(fields, "EndConferenceOnExit", attendee.end_on_exit);
    push(fields, "StartConferenceOnEnter", attendee.start_on_enter);
}
