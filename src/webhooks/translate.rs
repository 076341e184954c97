//! From the carrier's payloads to the events of a call.

use warmline_twilio::status::CallStatus;
use warmline_twilio::webhook::{Payload, Webhook, conference, recording, status};
use warmline_workflows::Leg;
use warmline_workflows::call::{Device, Event};

/// The key that accepts a call; any other declines it.
const ACCEPT_KEY: &str = "1";

/// The event that a webhook reports; none when it reports nothing that a call cares about.
pub(super) fn event(webhook: &Webhook) -> Option<Event> {
    let leg = webhook.callback.leg;
    Some(match &webhook.payload {
        // A leg that asks what to do was answered, whatever else it is doing.
        Payload::Voice(fetch) => Event::LegAnswered { leg, sid: fetch.call_sid.clone(), denial: None },
        Payload::Gather(gather) if gather.digits == ACCEPT_KEY => {
            Event::AgentAccepted { leg, by: Device::Phone }
        }
        Payload::Gather(gather) if gather.digits.is_empty() => Event::AgentSilent { leg },
        Payload::Gather(_) => Event::AgentDeclined { leg },
        Payload::Dial(_) => Event::ConferenceLeft { leg },
        Payload::Status(status) => status_event(leg, status)?,
        Payload::Amd(amd) => {
            Event::VerdictReached { sid: amd.call_sid.clone(), verdict: amd.answered_by.verdict() }
        }
        Payload::Conference(conference) => conference_event(conference)?,
        Payload::Recording(recording) => match recording.status {
            recording::Status::Completed => Event::RecordingCompleted {
                recording_sid: recording.recording_sid.clone(),
                duration_s: recording.duration_s.unwrap_or(0),
            },
            recording::Status::Absent => Event::RecordingAbsent,
            _ => return None,
        },
    })
}

fn status_event(leg: Leg, status: &status::Callback) -> Option<Event> {
    let sid = status.call_sid.clone();
    Some(match status.status {
        CallStatus::Queued => return None,
        CallStatus::Initiated => Event::LegInitiated { leg, sid },
        CallStatus::Ringing => Event::LegRinging { leg, sid },
        CallStatus::InProgress => Event::LegAnswered { leg, sid, denial: None },
        ended => {
            Event::LegEnded { leg, sid, ending: ended.ending()?, duration_s: status.duration_s.unwrap_or(0) }
        }
    })
}

fn conference_event(callback: &conference::Callback) -> Option<Event> {
    Some(match &callback.event {
        conference::Event::Joined(participant) => {
            Event::ConferenceJoined { leg: participant.leg?, conference_sid: callback.conference_sid.clone() }
        }
        conference::Event::Left { participant, .. } => Event::ConferenceLeft { leg: participant.leg? },
        conference::Event::Ended { .. } => Event::ConferenceEnded,
        _ => return None,
    })
}
