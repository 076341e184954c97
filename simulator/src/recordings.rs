//! Recordings: started, stopped, and ready a while later.

use std::sync::Arc;

use crate::carrier::{Carrier, Notice};
use crate::clock::{after, rfc2822};
use crate::fact::Fact;
use crate::fields::push;
use crate::order::Recording;
use crate::record::RecordingRecord;
use crate::sid;
use crate::webhook::Fields;

/// What is recorded: one of the two.
pub(crate) struct Subject {
    pub(crate) call: Option<String>,
    pub(crate) conference: Option<String>,
}

/// Starts a recording and returns its sid.
pub(crate) fn start(carrier: &Arc<Carrier>, subject: Subject, request: Recording) -> String {
    let recording = sid::in_dialect(carrier.config.dialect, "RE");
    let Subject { call, conference } = subject;
    carrier.record(Fact::RecordingStarted { recording: recording.clone(), call, conference, request });
    announce(carrier, &recording);
    recording
}

/// Stops a recording; its end is announced when the media is ready.
pub(crate) fn stop(carrier: &Arc<Carrier>, recording: &str) {
    let (shortest, longest) = carrier.config.quirks.recording_delay_s;
    let delay_s = carrier.dice.between(shortest, longest, &["recording", recording]);
    let ready_at = after(carrier.clock.now(), delay_s);
    carrier.record(Fact::RecordingStopped { recording: recording.to_owned(), ready_at });
    announce_when_ready(carrier, recording);
}

/// Announces the end of a stopped recording when its media is ready; also used after a restart
/// for those that were stopped but not announced.
pub(crate) fn announce_when_ready(carrier: &Arc<Carrier>, recording: &str) {
    let ready_at = carrier.ledger.read(|books| books.recording(recording).and_then(|found| found.ready_at));
    let Some(ready_at) = ready_at else { return };
    let (worker, recording) = (Arc::clone(carrier), recording.to_owned());
    carrier.spawn(async move {
        worker.clock.sleep_until(ready_at).await;
        announce(&worker, &recording);
    });
}

/// The address of a recording's media, without an extension.
pub(crate) fn url(carrier: &Carrier, recording: &str) -> String {
    format!("{}{}/Recordings/{recording}", carrier.origin, carrier.config.account_path())
}

fn announce(carrier: &Arc<Carrier>, recording: &str) {
    let Some(record) = carrier.ledger.read(|books| books.recording(recording).cloned()) else { return };
    let Some(callback) = record.request.callback.clone() else { return };
    // A timer may fire a little early against a calendar that is only read again here.
    let at =
        record.ready_at.map_or_else(|| carrier.clock.now(), |ready_at| ready_at.max(carrier.clock.now()));
    let status = record.status_at(at);
    if !record.request.events.iter().any(|event| event == status) {
        return;
    }
    carrier.notify(Notice {
        about: record.sid.clone(),
        kind: format!("recording:{status}"),
        callback,
        fields: fields(carrier, &record, status),
        luck: format!(
            "{}/{status}",
            record.conference.as_ref().or(record.call.as_ref()).map_or("", |sid| sid)
        ),
    });
}

fn fields(carrier: &Carrier, record: &RecordingRecord, status: &str) -> Fields {
    let mut fields = Fields::new();
    push(&mut fields, "AccountSid", &carrier.config.account_sid);
    if let Some(call) = &record.call {
        push(&mut fields, "CallSid", call);
    }
    if let Some(conference) = &record.conference {
        push(&mut fields, "ConferenceSid", conference);
    }
    push(&mut fields, "RecordingSid", &record.sid);
    push(&mut fields, "RecordingUrl", url(carrier, &record.sid));
    push(&mut fields, "RecordingStatus", status);
    push(&mut fields, "RecordingChannels", record.channels());
    push(&mut fields, "RecordingStartTime", rfc2822(record.started.at));
    push(&mut fields, "RecordingSource", record.source());
    if record.call.is_some() {
        push(&mut fields, "RecordingTrack", "both");
    }
    if let Some(duration_s) = record.duration_s() {
        push(&mut fields, "RecordingDuration", duration_s);
        push(&mut fields, "ErrorCode", 0);
    }
    fields
}
