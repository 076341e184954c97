//! Every recorded webhook: verifies, survives the form encoding, and reads as its payload.

use secrecy::SecretString;
use serde::Deserialize;
use url::form_urlencoded;
use warmline_twilio::webhook::conference::{EndReason, Event, LeaveReason};
use warmline_twilio::webhook::voice::DialStatus;
use warmline_twilio::webhook::{Error, Payload, Request, TOKEN_HEADER, recording};
use warmline_twilio::{AnsweredBy, CallStatus, Form, Hook, Webhook, signature};
use warmline_workflows::{Ending, Leg, Verdict};

const QUERY: &str = "tenant=tnt_00000000000070008000000000000001\
                     &call=call_00000000000070008000000000000002&leg=lead&token=q7";

#[derive(Deserialize)]
struct File {
    auth_token: String,
    samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    name: String,
    kind: String,
    url: String,
    fields: Vec<(String, String)>,
    headers: std::collections::BTreeMap<String, String>,
}

fn file() -> File {
    serde_json::from_str(include_str!("../data/webhook-samples.json")).unwrap()
}

fn hook(kind: &str) -> Hook {
    match kind {
        "voice_url" | "dial_action" => Hook::Answer,
        "fallback_url" => Hook::Fallback,
        "wait_url" => Hook::Wait,
        "gather_action" => Hook::AgentAccept,
        "call_status" => Hook::Status,
        "async_amd" => Hook::Amd,
        "conference_event" => Hook::ConferenceStatus,
        "recording_status" => Hook::Recording,
        other => panic!("no hook for {other}"),
    }
}

/// What matters of a payload, in a line.
fn gist(payload: &Payload) -> String {
    match payload {
        Payload::Voice(fetch) => {
            let answered_by = fetch.answered_by.map_or_else(String::new, |by| format!(" by {by}"));
            let failure = fetch.failure.as_ref().map_or_else(String::new, |failure| {
                format!(" failed {:?} {}", failure.code.unwrap(), failure.url.as_deref().unwrap())
            });
            format!("voice {}{answered_by}{failure}", fetch.status.unwrap())
        }
        Payload::Gather(gather) => format!("gather `{}`", gather.digits),
        Payload::Dial(dial) => format!("dial {:?} {:?}", dial.status.unwrap(), dial.duration_s),
        Payload::Status(status) => {
            assert!(status.at.is_some(), "a status has an instant");
            let ending = status.status.ending().map_or_else(String::new, |_| {
                format!(" {}s sip {:?}", status.duration_s.unwrap(), status.sip_code.unwrap())
            });
            let answered_by = status.answered_by.map_or_else(String::new, |by| format!(" by {by}"));
            format!("status {} #{}{ending}{answered_by}", status.status, status.sequence.unwrap())
        }
        Payload::Amd(amd) => format!("amd {:?} {}ms", amd.answered_by.verdict(), amd.duration_ms.unwrap()),
        Payload::Conference(conference) => {
            assert!(conference.at.is_some() && conference.sequence.is_some() && conference.name.is_some());
            match &conference.event {
                Event::Started => "conference started".to_owned(),
                Event::Ended { reason, by } => format!("conference ended {reason:?} {by:?}"),
                Event::Joined(who) => format!("conference joined {:?}", who.leg),
                Event::Left { participant, reason } => {
                    format!("conference left {:?} {reason:?}", participant.leg)
                }
                Event::Other => "conference other".to_owned(),
            }
        }
        Payload::Recording(recording) => {
            assert!(recording.started_at.is_some() && recording.url.is_some());
            assert_eq!(recording.error_code, None);
            let of = if recording.conference_sid.is_some() { "conference" } else { "call" };
            format!("recording {:?} of {of} {:?}", recording.status, recording.duration_s)
        }
    }
}

#[test]
fn every_sample_verifies_and_reads() {
    let File { auth_token, samples } = file();
    let tokens = [SecretString::from(auth_token)];
    let mut gists = String::new();
    for Sample { name, kind, url, fields, headers } in samples {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let form = Form::parse(body.as_bytes()).unwrap();
        assert_eq!(form.pairs(), fields, "{name}");
        assert!(signature::verify(&tokens, &url, form.pairs(), &headers[signature::HEADER]), "{name}");

        let token = headers.get(TOKEN_HEADER).map(String::as_str);
        let webhook = Webhook::read(Request { hook: hook(&kind), query: QUERY, token, form: &form }).unwrap();
        assert_eq!(webhook.callback.leg, Leg::Lead);
        assert_eq!(webhook.key, format!("{}/{}", hook(&kind), token.unwrap()));
        assert_eq!(webhook.payload.account_sid(), "AC5e1f0c2b7a9d4836b1e2f3a4c5d6e7f8", "{name}");
        let printed = format!("{webhook:?} {form:?}");
        assert!(!printed.contains("555") && !printed.contains("q7"), "{name} prints what is secret");
        gists += &format!("{name}: {}\n", gist(&webhook.payload));
    }
    assert_eq!(gists, include_str!("../data/webhook-gists.txt"));
}

fn read(hook: Hook, body: &str) -> Result<Payload, Error> {
    Payload::read(hook, &Form::parse(body.as_bytes()).unwrap())
}

#[test]
fn a_body_that_is_not_what_its_address_expects_is_refused_by_field() {
    let long = "x".repeat(129);
    for (hook, body, expected) in [
        (Hook::Status, "", Error::Missing("CallStatus")),
        (Hook::Status, "CallStatus=ringing&AccountSid=AC1", Error::Missing("CallSid")),
        (Hook::Status, "CallStatus=ringing&CallSid=&AccountSid=AC1", Error::Missing("CallSid")),
        (Hook::Status, "CallStatus=ringing&CallSid=CA1", Error::Missing("AccountSid")),
        (Hook::Status, "CallStatus=ringing&CallSid=CA1&CallSid=CA2", Error::Repeated("CallSid")),
        (Hook::Status, "CallStatus=ringing&CallSid=CA%201", Error::Id("CallSid")),
        (Hook::Status, &format!("CallStatus=ringing&CallSid={long}"), Error::TooLong("CallSid", 128)),
        (
            Hook::Status,
            "CallStatus=teleported%0A&CallSid=CA1&AccountSid=AC1",
            Error::Unknown { name: "CallStatus", value: "teleported".to_owned() },
        ),
        // A boundary moved from name to value leaves the signature as it is.
        (Hook::Amd, "CallSid=CA1&AccountSid=AC1&Answered=Byhuman", Error::Missing("AnsweredBy")),
        (Hook::Answer, "AccountSid=AC1", Error::Missing("CallSid")),
        (
            Hook::AgentAccept,
            "CallSid=CA1&AccountSid=AC1&Digits=1%3CHangup/%3E",
            Error::Unknown { name: "Digits", value: "1<Hangup/>".to_owned() },
        ),
        (Hook::ConferenceStatus, "ConferenceSid=CF1&AccountSid=AC1", Error::Missing("StatusCallbackEvent")),
        (
            Hook::ConferenceStatus,
            "ConferenceSid=CF1&AccountSid=AC1&StatusCallbackEvent=participant-join",
            Error::Missing("CallSid"),
        ),
        (Hook::Recording, "RecordingSid=RE1&AccountSid=AC1", Error::Missing("RecordingStatus")),
    ] {
        assert_eq!(read(hook, body), Err(expected), "{hook} {body}");
    }
    let form = Form::default();
    let unbound = Webhook::read(Request { hook: Hook::Amd, query: "a=1", token: None, form: &form });
    assert!(matches!(unbound, Err(Error::Callback(_))), "a webhook without our ids is none of ours");
}

#[test]
fn words_and_fields_yet_to_come_do_no_harm() {
    let leg = "CallSid=CA1&AccountSid=AC1&NewField=1&NewField=2";
    let Ok(Payload::Amd(amd)) =
        read(Hook::Amd, &format!("{leg}&AnsweredBy=robot&MachineDetectionDuration=x"))
    else {
        panic!("a new verdict")
    };
    assert_eq!((amd.answered_by.verdict(), amd.duration_ms), (Verdict::Unknown, None));

    let Ok(Payload::Voice(fetch)) = read(Hook::Answer, &format!("{leg}&CallStatus=teleported")) else {
        panic!("a new status: the leg needs its document anyway")
    };
    assert_eq!(fetch.status, None);
    let Ok(Payload::Dial(dial)) = read(Hook::Answer, &format!("{leg}&DialCallStatus=teleported")) else {
        panic!("a new way for a dial to end")
    };
    assert_eq!(dial.status, None);

    let room = "ConferenceSid=CF1&AccountSid=AC1&CallSid=CA1&ParticipantLabel=agent-3";
    let Ok(Payload::Conference(left)) = read(
        Hook::ConferenceStatus,
        &format!("{room}&StatusCallbackEvent=participant-leave&ReasonParticipantLeft=x"),
    ) else {
        panic!("a new reason")
    };
    let Event::Left { participant, reason } = left.event else { panic!("somebody left") };
    assert_eq!((participant.leg, reason), (Some(Leg::Agent(3)), LeaveReason::Other));
    let Ok(Payload::Conference(ended)) =
        read(Hook::ConferenceStatus, &format!("{room}&StatusCallbackEvent=conference-end"))
    else {
        panic!("an end without reason")
    };
    assert_eq!(ended.event, Event::Ended { reason: EndReason::Other, by: None });

    let recording = "RecordingSid=RE1&AccountSid=AC1&RecordingStatus=frozen&RecordingDuration=-1";
    let Ok(Payload::Recording(recording)) = read(Hook::Recording, recording) else { panic!("a new status") };
    assert_eq!((recording.status, recording.duration_s), (recording::Status::Other, None));
}

#[test]
fn words_mean_what_the_core_means() {
    for (status, ending) in [
        (CallStatus::Queued, None),
        (CallStatus::Initiated, None),
        (CallStatus::Ringing, None),
        (CallStatus::InProgress, None),
        (CallStatus::Completed, Some(Ending::Completed)),
        (CallStatus::Busy, Some(Ending::Busy)),
        (CallStatus::Failed, Some(Ending::Failed)),
        (CallStatus::NoAnswer, Some(Ending::NoAnswer)),
        (CallStatus::Canceled, Some(Ending::Canceled)),
    ] {
        assert_eq!(status.ending(), ending);
        assert_eq!(CallStatus::read(status.as_str()), Some(status));
    }
    assert_eq!(DialStatus::read("answered"), Some(DialStatus::Answered));
    let machines = AnsweredBy::ALL.iter().filter(|by| by.verdict() == Verdict::Machine).count();
    assert_eq!(machines, 4);
}
