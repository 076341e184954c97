//! Books: the fold of all facts, in memory.

use std::collections::HashMap;

use crate::fact::{Delivery, Fact, Line, Moment};
use crate::order::Order;
use crate::record::{CallRecord, ConferenceRecord, Played, RecordingRecord, Status, Stay, WebhookRecord};
use crate::scenario::Scenario;

/// All records, in order of creation. Built by [`Books::apply`] alone, so that reading the ledger
/// again gives the same books.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Books {
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) conferences: Vec<ConferenceRecord>,
    pub(crate) recordings: Vec<RecordingRecord>,
    /// Requests to the customer that were made, in the order in which they were over.
    pub(crate) webhooks: Vec<WebhookRecord>,
    by_sid: HashMap<String, usize>,
    by_to: HashMap<String, Vec<usize>>,
    /// Calls that are not over.
    pub(crate) live_calls: usize,
}

impl Books {
    pub(crate) fn call(&self, sid: &str) -> Option<&CallRecord> {
        self.by_sid.get(sid).and_then(|index| self.calls.get(*index))
    }

    pub(crate) fn conference(&self, sid: &str) -> Option<&ConferenceRecord> {
        self.by_sid.get(sid).and_then(|index| self.conferences.get(*index)).filter(|found| found.sid == sid)
    }

    pub(crate) fn recording(&self, sid: &str) -> Option<&RecordingRecord> {
        self.by_sid.get(sid).and_then(|index| self.recordings.get(*index)).filter(|found| found.sid == sid)
    }

    /// Calls from the newest to the oldest, all of them or those to one number.
    pub(crate) fn newest_first<'a>(
        &'a self,
        to: Option<&str>,
    ) -> Box<dyn Iterator<Item = &'a CallRecord> + 'a> {
        match to {
            None => Box::new(self.calls.iter().rev()),
            Some(to) => {
                let indexes = self.by_to.get(to).map_or(&[][..], Vec::as_slice);
                Box::new(indexes.iter().rev().filter_map(|index| self.calls.get(*index)))
            }
        }
    }

    /// How often a number was called so far.
    pub(crate) fn calls_to(&self, number: &str) -> usize {
        self.by_to.get(number).map_or(0, Vec::len)
    }

    pub(crate) fn apply(&mut self, line: Line) {
        let Line { moment, fact } = line;
        match fact {
            Fact::Created { sid, order, scenario, queue_time_ms } => {
                self.by_sid.insert(sid.clone(), self.calls.len());
                self.by_to.entry(order.to.clone()).or_default().push(self.calls.len());
                self.live_calls += 1;
                self.calls.push(opened_call(sid, *order, scenario, Opening { moment, queue_time_ms }));
            }
            Fact::Initiated { sid } => self.change(&sid, moment, |call| {
                call.status = Status::Initiated;
                call.initiated = Some(moment);
            }),
            Fact::Ringing { sid } => self.change(&sid, moment, |call| {
                call.status = Status::Ringing;
                call.ringing = Some(moment);
            }),
            Fact::Answered { sid } => self.change(&sid, moment, |call| {
                call.status = Status::InProgress;
                call.answered = Some(moment);
            }),
            Fact::Detected { sid, answered_by, after_ms } => self.change(&sid, moment, |call| {
                call.answered_by = Some(answered_by);
                call.detection_ms = Some(after_ms);
            }),
            Fact::Amended { sid, order } => self.change(&sid, moment, |call| call.order = *order),
            Fact::Redirected { sid } => self.change(&sid, moment, |call| call.redirects += 1),
            Fact::Pressed { sid, keys } => self.change(&sid, moment, |call| call.keys.push_str(&keys)),
            Fact::Played { sid, url, bytes, duration_ms } => self.change(&sid, moment, |call| {
                call.played.push(Played { url, bytes, duration_ms, began: moment });
            }),
            Fact::Joined { sid, conference } => self.change(&sid, moment, |call| {
                call.stays.push(Stay { conference, joined: moment, left: None, reason: None });
            }),
            Fact::Bridged { sid, .. } => self.change(&sid, moment, |call| {
                call.bridged.get_or_insert(moment);
            }),
            Fact::Left { sid, conference, reason } => self.change(&sid, moment, |call| {
                let stay =
                    call.stays.iter_mut().rfind(|stay| stay.conference == conference && stay.left.is_none());
                if let Some(stay) = stay {
                    stay.left = Some(moment);
                    stay.reason = Some(reason);
                }
            }),
            Fact::Warned { sid, code, .. } => self.change(&sid, moment, |call| call.warnings.push(code)),
            Fact::Ended { sid, status, sip_code } => {
                self.live_calls = self.live_calls.saturating_sub(1);
                self.change(&sid, moment, |call| {
                    call.status = status;
                    call.ended = Some(moment);
                    call.sip_code = Some(sip_code);
                });
            }
            Fact::Removed { sid } => self.change(&sid, moment, |call| call.removed = true),
            Fact::ConferenceOpened { conference, name } => {
                self.by_sid.insert(conference.clone(), self.conferences.len());
                self.conferences.push(ConferenceRecord {
                    sid: conference,
                    name,
                    opened: moment,
                    started: None,
                    ended: None,
                    reason: None,
                    ending_call: None,
                    updated: moment.at,
                });
            }
            Fact::ConferenceStarted { conference } => {
                self.change_conference(&conference, moment, |room| room.started = Some(moment));
            }
            Fact::ConferenceEnded { conference, reason, ending_call } => {
                self.change_conference(&conference, moment, |room| {
                    room.ended = Some(moment);
                    room.reason = Some(reason);
                    room.ending_call = ending_call;
                });
            }
            Fact::RecordingStarted { recording, call, conference, request } => {
                self.by_sid.insert(recording.clone(), self.recordings.len());
                self.recordings.push(RecordingRecord {
                    sid: recording,
                    call,
                    conference,
                    request,
                    started: moment,
                    stopped: None,
                    ready_at: None,
                    announced: false,
                    removed: false,
                });
            }
            Fact::RecordingStopped { recording, ready_at } => {
                self.change_recording(&recording, |recording| {
                    recording.stopped = Some(moment);
                    recording.ready_at = Some(ready_at);
                })
            }
            Fact::RecordingRemoved { recording } => {
                self.change_recording(&recording, |recording| recording.removed = true);
            }
            Fact::Webhook { about, kind, delivery, took_us, .. } => {
                self.count_webhook(&about, &kind, &delivery);
                if delivery != Delivery::Lost {
                    let delivered = matches!(delivery, Delivery::Delivered { .. });
                    self.webhooks.push(WebhookRecord { kind, ended: moment, took_us, delivered });
                }
            }
        }
    }

    fn count_webhook(&mut self, about: &str, kind: &str, delivery: &Delivery) {
        if matches!(kind, "recording:completed" | "recording:absent") {
            self.change_recording(about, |recording| recording.announced = true);
        } else if let Some(call) = self.by_sid.get(about).and_then(|index| self.calls.get_mut(*index))
            && call.sid == about
        {
            match delivery {
                Delivery::Delivered { .. } => call.delivered += 1,
                Delivery::Failed { .. } | Delivery::Lost => call.undelivered += 1,
            }
        }
    }

    fn change(&mut self, sid: &str, moment: Moment, change: impl FnOnce(&mut CallRecord)) {
        if let Some(call) = self.by_sid.get(sid).and_then(|index| self.calls.get_mut(*index)) {
            call.updated = moment.at;
            change(call);
        }
    }

    fn change_conference(&mut self, sid: &str, moment: Moment, change: impl FnOnce(&mut ConferenceRecord)) {
        if let Some(conference) = self.by_sid.get(sid).and_then(|index| self.conferences.get_mut(*index)) {
            conference.updated = moment.at;
            change(conference);
        }
    }

    fn change_recording(&mut self, sid: &str, change: impl FnOnce(&mut RecordingRecord)) {
        if let Some(recording) = self.by_sid.get(sid).and_then(|index| self.recordings.get_mut(*index)) {
            change(recording);
        }
    }
}

/// How a call begins.
pub(crate) struct Opening {
    pub(crate) moment: Moment,
    pub(crate) queue_time_ms: u64,
}

/// The record of a call of which nothing but its creation is known.
pub(crate) fn opened_call(sid: String, order: Order, scenario: Scenario, opening: Opening) -> CallRecord {
    CallRecord {
        sid,
        order,
        scenario,
        queue_time_ms: opening.queue_time_ms,
        status: Status::Queued,
        created: opening.moment,
        initiated: None,
        ringing: None,
        answered: None,
        ended: None,
        answered_by: None,
        detection_ms: None,
        bridged: None,
        stays: Vec::new(),
        keys: String::new(),
        played: Vec::new(),
        redirects: 0,
        warnings: Vec::new(),
        delivered: 0,
        undelivered: 0,
        sip_code: None,
        removed: false,
        updated: opening.moment.at,
    }
}
