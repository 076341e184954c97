//! The whole conversation: a lead answers, an agent is fetched, they talk, it is recorded.

use serde_json::json;
use warmline_simulator::{Agent, AnsweredBy, Human, Reaction, Scenario, Status};

use crate::rig::{AGENT, LEAD, Rig, config};

/// The lead's document once a person was detected.
fn hold_pattern(rig: &Rig) -> String {
    let url = |path| rig.customer.url(path);
    format!(
        r#"<Response><Dial action="{}"><Conference startConferenceOnEnter="false" endConferenceOnExit="true"
            beep="false" waitUrl="{}" statusCallback="{}" statusCallbackEvent="start end join leave"
            record="record-from-start" recordingStatusCallback="{}" participantLabel="lead">room-1</Conference></Dial></Response>"#,
        url("/after"),
        url("/hold"),
        url("/conference"),
        url("/recording")
    )
}

#[tokio::test]
async fn a_lead_is_detected_held_connected_and_recorded() {
    let human = Human { answer_after_s: 4.0, greeting_s: 1.0, patience_s: 60.0, talk_s: 30.0 };
    let reaction = Reaction::Presses { key: '1', after_s: 2.0 };
    let agent = Agent { answer_after_s: 3.0, reaction, talk_limit_s: None };
    let mut config = config(&[(LEAD, Scenario::Human(human)), (AGENT, Scenario::Agent(agent))]);
    // Slower than elsewhere, since the times of the story are checked.
    config.timeline.factor = 25.0;
    let rig = Rig::start(config).await;
    let customer = &rig.customer;
    customer.twiml("/answer", "<Say>Hello.</Say><Pause length=\"60\"/>");
    customer.twiml("/hold", "<Play>/music.wav</Play><Redirect/>");
    customer.sound("/music.wav", 20);
    customer.twiml(
        "/agent",
        "<Gather numDigits=\"1\" action=\"/accept?x=1\"><Say>Press one.</Say></Gather><Hangup/>",
    );
    customer.twiml("/accept", "<Dial><Conference endConferenceOnExit=\"true\" participantLabel=\"agent\">room-1</Conference></Dial>");
    customer.twiml("/after", "<Hangup/>");

    let amd = customer.url("/amd");
    let detect =
        [("MachineDetection", "DetectMessageEnd"), ("AsyncAmd", "true"), ("AsyncAmdStatusCallback", &amd)];
    let lead = rig.call(LEAD, &detect).await;
    let verdict = customer.request("/amd", ("AnsweredBy", "human")).await;
    let names: Vec<_> = verdict.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"]);
    assert_eq!((verdict.get("CallSid"), verdict.get("MachineDetectionDuration")), (lead.as_str(), "2200"));

    let twiml = hold_pattern(&rig);
    let (status, body) = rig.api.post(&format!("/Calls/{lead}.json"), &[("Twiml", &twiml)]).await;
    assert_eq!((status, &body["status"]), (200, &json!("in-progress")));
    customer.request("/conference", ("ParticipantLabel", "lead")).await;
    let agent_answer = customer.url("/agent");
    let agent = rig.call(AGENT, &[("Url", &agent_answer)]).await;
    let accept = customer.request("/accept", ("Digits", "1")).await;
    assert_eq!(
        (accept.get("msg"), accept.get("CallSid"), accept.query.as_str()),
        ("Gather End", agent.as_str(), "x=1")
    );

    let start = customer.request("/conference", ("StatusCallbackEvent", "conference-start")).await;
    let room = start.get("ConferenceSid").to_owned();
    let (_, listed) = rig.api.get(&format!("/Conferences/{room}/Participants.json")).await;
    let labels = [&listed["participants"][0]["label"], &listed["participants"][1]["label"]];
    assert_eq!(labels, ["agent", "lead"]);
    assert_eq!(listed["participants"][0]["end_conference_on_exit"], json!(true));
    let (_, live) = rig.api.get("/Conferences.json?FriendlyName=room-1&Status=in-progress").await;
    assert_eq!(live["conferences"][0]["sid"], json!(room));

    // The lead has talked enough, hangs up, and takes the conference along.
    let ended = customer.request("/conference", ("StatusCallbackEvent", "conference-end")).await;
    assert_eq!(ended.get("ReasonConferenceEnded"), "participant-with-end-conference-on-exit-left");
    assert_eq!(ended.get("CallSidEndingConference"), lead);
    let recorded = customer.request("/recording", ("RecordingStatus", "completed")).await;
    assert_eq!(
        (recorded.get("ConferenceSid"), recorded.get("RecordingSource")),
        (room.as_str(), "Conference")
    );
    for sid in [&lead, &agent] {
        customer
            .until("last status", |received| {
                received
                    .iter()
                    .find(|request| request.get("CallSid") == sid && request.get("CallStatus") == "completed")
                    .cloned()
            })
            .await;
    }

    // Sequence numbers tell the order of the room's events, whatever order they arrived in.
    let mut events = customer.received_at("/conference");
    events.sort_by_key(|event| event.get("SequenceNumber").parse::<u32>().unwrap());
    let told: Vec<_> =
        events.iter().map(|e| (e.get("StatusCallbackEvent"), e.get("ParticipantLabel"))).collect();
    let expected = [
        ("participant-join", "lead"),
        ("participant-join", "agent"),
        ("conference-start", ""),
        ("participant-leave", "lead"),
        ("participant-leave", "agent"),
        ("conference-end", ""),
    ];
    assert_eq!(told, expected);
    let reasons: Vec<_> =
        events.iter().map(|e| e.get("ReasonParticipantLeft")).filter(|r| !r.is_empty()).collect();
    assert_eq!(reasons, ["participant_hung_up", "moderator_ended_conference"]);
    assert!(!customer.received_at("/hold").is_empty(), "the wait document was not fetched");
    // The lead hung up inside the dial: there is nobody left to ask what comes after it.
    assert_eq!(customer.received_at("/after").len(), 0);

    let truth = rig.record(&lead);
    assert_eq!(
        (truth.status, truth.answered_by, truth.redirects),
        (Status::Completed, Some(AnsweredBy::Human), 1)
    );
    let to_bridge = truth.bridged.unwrap().at.duration_since(truth.answered.unwrap().at).as_secs_f64();
    assert!((7.0..25.0).contains(&to_bridge), "{to_bridge} s");
    let talked = truth.ended.unwrap().at.duration_since(truth.bridged.unwrap().at).as_secs_f64();
    assert!((29.0..40.0).contains(&talked), "{talked} s");
    assert_eq!((rig.record(&agent).keys.as_str(), truth.warnings.len()), ("1", 0));
    the_recording_plays(&rig, &room, recorded.get("RecordingUrl")).await;
    customer.assert_all_signed();
    assert!(customer.received().iter().all(|request| request.user_agent == "TwilioProxy/1.1"));
}

#[expect(clippy::unwrap_used, reason = "a part of the test above")]
async fn the_recording_plays(rig: &Rig, room: &str, url: &str) {
    let (_, listed) = rig.api.get(&format!("/Conferences/{room}/Recordings.json")).await;
    let recording = &listed["recordings"][0];
    let seconds: u32 = recording["duration"].as_str().unwrap().parse().unwrap();
    assert!((28..=40).contains(&seconds), "{recording}");
    assert_eq!((&recording["channels"], &recording["status"]), (&json!(2), &json!("completed")));
    for (suffix, second_bytes) in [("", 16_000), (".wav", 16_000), (".wav?RequestedChannels=2", 32_000)] {
        let (status, media) = rig.api.bytes(&format!("{url}{suffix}")).await;
        assert_eq!((status, media.len()), (200, 44 + (seconds * second_bytes) as usize), "{suffix}");
        assert_eq!((&media[..4], &media[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!(u32::from_le_bytes(media[28..32].try_into().unwrap()), second_bytes);
    }
    assert_eq!(rig.api.bytes(&format!("{url}.mp3")).await.0, 404);
}

#[tokio::test]
async fn agents_who_do_not_accept_leave_the_prompt_unanswered() {
    let agent = |reaction| Scenario::Agent(Agent { answer_after_s: 2.0, reaction, talk_limit_s: None });
    let rows = [
        ("+14155550130", agent(Reaction::Declines { after_s: 1.0 }), Status::Completed),
        ("+14155550131", agent(Reaction::NeverPresses), Status::Completed),
        ("+14155550132", agent(Reaction::Voicemail { greeting_s: 6.0 }), Status::Completed),
        ("+14155550133", agent(Reaction::NoAnswer), Status::NoAnswer),
    ];
    let scripts: Vec<_> = rows.iter().map(|(number, scenario, _)| (*number, scenario.clone())).collect();
    let rig = Rig::start(config(&scripts)).await;
    rig.customer.twiml(
        "/answer",
        "<Gather numDigits=\"1\" action=\"/accept\"><Say>Press one.</Say></Gather><Hangup/>",
    );
    for (number, _, status) in rows {
        let sid = rig.call(number, &[("Timeout", "20")]).await;
        assert_eq!(rig.until_ended(&sid).await.status, status, "{number}");
    }
    assert_eq!(rig.customer.received_at("/accept").len(), 0);
}

#[tokio::test]
async fn a_redirect_out_of_the_room_drops_the_other_into_its_next_verb() {
    let human =
        |talk_s| Scenario::Human(Human { answer_after_s: 1.0, greeting_s: 1.0, patience_s: 99.0, talk_s });
    let rig = Rig::start(config(&[(LEAD, human(500.0)), (AGENT, human(500.0))])).await;
    let callback = rig.customer.url("/conference");
    let room = format!(
        "<Response><Dial action=\"{}\"><Conference endConferenceOnExit=\"true\" statusCallback=\"{callback}\" \
         statusCallbackEvent=\"start leave\">room</Conference></Dial></Response>",
        rig.customer.url("/after")
    );
    rig.customer.twiml("/after", "<Say>Goodbye.</Say>");
    rig.customer.twiml("/elsewhere", "<Pause length=\"30\"/>");
    let lead = rig.call(LEAD, &[("Twiml", &room)]).await;
    let agent = rig.call(AGENT, &[("Twiml", &room)]).await;
    rig.customer.request("/conference", ("StatusCallbackEvent", "conference-start")).await;
    let elsewhere = rig.customer.url("/elsewhere");
    rig.api.post(&format!("/Calls/{lead}.json"), &[("Url", &elsewhere)]).await;
    let after = rig.customer.request("/after", ("DialCallStatus", "answered")).await;
    assert_eq!((after.get("CallSid"), after.get("DialBridged")), (agent.as_str(), "true"));
    let left =
        rig.customer.request("/conference", ("ReasonParticipantLeft", "participant_updated_via_api")).await;
    assert_eq!((left.get("CallSid"), left.get("ParticipantCallStatus")), (lead.as_str(), "in-progress"));
    assert_eq!(rig.until_ended(&agent).await.status, Status::Completed);
    assert_eq!(rig.record(&lead).status, Status::InProgress);

    // The name is free again, and what takes it is another conference.
    rig.call(AGENT, &[("Twiml", &room)]).await;
    let rooms = rig
        .until("second conference", |simulator| {
            Some(simulator.ledger().conferences()).filter(|rooms| rooms.len() == 2)
        })
        .await;
    assert!(rooms[0].ended.is_some() && rooms[1].ended.is_none() && rooms[0].name == rooms[1].name);
}

#[tokio::test]
async fn a_room_is_steered_over_rest() {
    let human =
        || Scenario::Human(Human { answer_after_s: 1.0, greeting_s: 1.0, patience_s: 999.0, talk_s: 999.0 });
    let third = "+14155550123";
    let mut config = config(&[(LEAD, human()), (AGENT, human()), (third, human())]);
    config.quirks.start_before_join = true;
    let rig = Rig::start(config).await;
    let room = format!(
        "<Response><Dial><Conference statusCallback=\"{}\" statusCallbackEvent=\"start end join leave hold mute\">room\
         </Conference></Dial><Pause length=\"99\"/></Response>",
        rig.customer.url("/conference")
    );
    let mut sids = Vec::new();
    for number in [LEAD, AGENT, third] {
        let sid = rig.call(number, &[("Twiml", &room)]).await;
        rig.customer.request("/conference", ("CallSid", &sid)).await;
        sids.push(sid);
    }
    let start = rig.customer.request("/conference", ("StatusCallbackEvent", "conference-start")).await;
    let second = rig.customer.request("/conference", ("CallSid", &sids[1])).await;
    assert_eq!(
        (start.get("SequenceNumber"), second.get("SequenceNumber")),
        ("2", "3"),
        "the quirk swaps them"
    );

    let path = format!("/Conferences/{}", start.get("ConferenceSid"));
    let of = |sid: &str| format!("{path}/Participants/{sid}.json");
    let (_, held) = rig.api.post(&of(&sids[0]), &[("Hold", "true")]).await;
    assert_eq!((&held["hold"], &held["muted"]), (&json!(true), &json!(false)));
    rig.customer.request("/conference", ("StatusCallbackEvent", "participant-hold")).await;
    assert_eq!(rig.api.delete(&of(&sids[1])).await.0, 204);
    let kicked = rig.customer.request("/conference", ("StatusCallbackEvent", "participant-leave")).await;
    assert_eq!(
        (kicked.get("CallSid"), kicked.get("ParticipantCallStatus")),
        (sids[1].as_str(), "in-progress")
    );
    assert_eq!(rig.api.get(&of(&sids[1])).await.0, 404);
    assert_eq!(rig.record(&sids[1]).status, Status::InProgress, "only the room is left");

    let (_, over) = rig.api.post(&format!("{path}.json"), &[("Status", "completed")]).await;
    assert_eq!(
        (&over["status"], &over["reason_conference_ended"]),
        (&json!("completed"), &json!("conference-ended-via-api"))
    );
    let end = rig.customer.request("/conference", ("StatusCallbackEvent", "conference-end")).await;
    assert_eq!(end.get("CallSidEndingConference"), "");
    rig.customer.assert_all_signed();
}
