//! What becomes of a call, by what the callee does.

use warmline_simulator::{AnsweredBy, Human, Machine, Scenario, Status};

use crate::rig::{HEADER_BYTES, LEAD, Received, Rig, SECOND_BYTES, config};

#[tokio::test]
async fn every_callee_gives_its_status_its_callbacks_and_its_verdict() {
    let human = |answer_after_s, greeting_s| {
        Scenario::Human(Human { answer_after_s, greeting_s, patience_s: 60.0, talk_s: 10.0 })
    };
    let machine = |beep| Scenario::Machine(Machine { answer_after_s: 6.0, greeting_s: 8.0, beep });
    let early = Scenario::HangsUpEarly { answer_after_s: 3.0, after_s: 1.0 };
    let answered = "initiated ringing in-progress completed";
    let rows = [
        (human(3.0, 1.0), answered, "200", Some(AnsweredBy::Human)),
        (human(3.0, 4.0), answered, "200", Some(AnsweredBy::MachineEndSilence)),
        (machine(true), answered, "200", Some(AnsweredBy::MachineEndBeep)),
        (machine(false), answered, "200", Some(AnsweredBy::MachineEndSilence)),
        (Scenario::Fax { answer_after_s: 2.0 }, answered, "200", Some(AnsweredBy::Fax)),
        (Scenario::Silence { answer_after_s: 2.0 }, answered, "200", Some(AnsweredBy::Unknown)),
        (early, answered, "200", None),
        (Scenario::Busy, "initiated ringing busy", "486", None),
        (Scenario::NoAnswer, "initiated ringing no-answer", "487", None),
        (human(31.0, 1.0), "initiated ringing no-answer", "487", None),
        (Scenario::Failed, "initiated failed", "404", None),
    ];
    let numbers: Vec<_> = (0..rows.len()).map(|row| format!("+1415555{:04}", 100 + row)).collect();
    let scripts: Vec<_> =
        numbers.iter().zip(&rows).map(|(number, row)| (number.as_str(), row.0.clone())).collect();
    let mut config = config(&scripts);
    // One of the scripted callees has the first of these numbers, the default caller id.
    config.numbers = vec!["+14155550199".to_owned()];
    let rig = Rig::start(config).await;
    rig.customer.twiml("/answer", "<Pause length=\"70\"/>");
    let amd = rig.customer.url("/amd");
    let answer = rig.customer.url("/answer");
    let status = rig.customer.url("/status");
    let mut sids = Vec::new();
    for number in &numbers {
        let mut params =
            vec![("To", number.as_str()), ("From", "+14155550199"), ("Url", &answer), ("Timeout", "30")];
        params.extend([
            ("StatusCallback", status.as_str()),
            ("StatusCallbackEvent", "initiated ringing answered completed"),
        ]);
        params.extend([("MachineDetection", "DetectMessageEnd"), ("AsyncAmd", "true")]);
        params.push(("AsyncAmdStatusCallback", &amd));
        let (_, body) = rig.api.post("/Calls.json", &params).await;
        sids.push(body["sid"].as_str().unwrap().to_owned());
    }
    for (sid, (scenario, stages, sip_code, answered_by)) in sids.iter().zip(&rows) {
        let last = stages.split(' ').next_back().unwrap();
        let told = rig
            .customer
            .until(&format!("{last} of {scenario:?}"), |received| {
                let of_call =
                    |request: &&Received| request.path == "/status" && request.get("CallSid") == sid.as_str();
                let mut told: Vec<_> = received.iter().filter(of_call).cloned().collect();
                told.sort_by_key(|request| request.get("SequenceNumber").parse::<u32>().unwrap());
                (told.len() == stages.split(' ').count()).then_some(told)
            })
            .await;
        let words: Vec<_> = told.iter().map(|request| request.get("CallStatus")).collect();
        assert_eq!(words.join(" "), *stages, "{scenario:?}");
        let end = told.last().unwrap();
        assert_eq!(end.get("SipResponseCode"), *sip_code, "{scenario:?}");
        assert_eq!(end.get("AnsweredBy"), answered_by.map_or("", AnsweredBy::as_str), "{scenario:?}");
        let truth = rig.record(sid);
        assert_eq!((truth.status.as_str(), truth.answered_by), (last, *answered_by), "{scenario:?}");
        assert_eq!(end.get("CallDuration"), truth.duration_s().unwrap().to_string());
        if truth.status == Status::NoAnswer {
            let rang = truth.ended.unwrap().at.duration_since(truth.ringing.unwrap().at).as_secs();
            assert_eq!(rang, 30);
        }
    }
    rig.customer.assert_all_signed();
}

#[tokio::test]
async fn synchronous_detection_holds_the_document_back() {
    let machine = Scenario::Machine(Machine { answer_after_s: 2.0, greeting_s: 6.0, beep: true });
    let rig = Rig::start(config(&[(LEAD, machine)])).await;
    rig.customer.twiml("/answer", "<Play>/message.wav</Play>");
    rig.customer.sound("/message.wav", 8);
    let sid = rig.call(LEAD, &[("MachineDetection", "DetectMessageEnd")]).await;
    let asked = rig.customer.request("/answer", ("AnsweredBy", "machine_end_beep")).await;
    assert_eq!(asked.get("MachineDetectionDuration"), "6400");
    let truth = rig.until_ended(&sid).await;
    // 6.4 s of detection and 8 s of audio.
    assert!((14..=34).contains(&truth.duration_s().unwrap()), "{truth:?}");
    let played: Vec<_> = truth.played.iter().map(|it| (it.url.clone(), it.bytes, it.duration_ms)).collect();
    let bytes = u64::from(HEADER_BYTES + 8 * SECOND_BYTES);
    assert_eq!(played, [(rig.customer.url("/message.wav"), bytes, 8000)]);
}

#[tokio::test]
async fn what_the_carrier_leaves_open_can_be_chosen() {
    let mut config = config(&[(LEAD, Scenario::HangsUpEarly { answer_after_s: 2.0, after_s: 1.0 })]);
    config.quirks.verdict_at_early_hangup = true;
    config.quirks.answered_by_at_end = false;
    let rig = Rig::start(config).await;
    rig.customer.twiml("/answer", "<Pause length=\"70\"/>");
    let amd = rig.customer.url("/amd");
    let detect =
        [("MachineDetection", "Enable"), ("AsyncAmd", "true"), ("AsyncAmdStatusCallback", amd.as_str())];
    rig.call(LEAD, &detect).await;
    rig.customer.request("/amd", ("AnsweredBy", "unknown")).await;
    let end = rig.customer.request("/status", ("CallStatus", "completed")).await;
    assert_eq!(end.get("AnsweredBy"), "");
}

#[tokio::test]
async fn a_recorded_call_names_its_recording_at_the_end() {
    let human = Human { answer_after_s: 2.0, greeting_s: 1.0, patience_s: 99.0, talk_s: 9.0 };
    let rig = Rig::start(config(&[(LEAD, Scenario::Human(human))])).await;
    rig.customer.twiml("/answer", "<Pause length=\"20\"/>");
    let recording = rig.customer.url("/recording");
    let events = ("RecordingStatusCallbackEvent", "in-progress completed");
    let sid = rig.call(LEAD, &[("Record", "true"), ("RecordingStatusCallback", &recording), events]).await;
    rig.customer.request("/recording", ("RecordingStatus", "in-progress")).await;
    let end = rig.customer.request("/status", ("CallStatus", "completed")).await;
    let ready = rig.customer.request("/recording", ("RecordingStatus", "completed")).await;
    assert_eq!((ready.get("CallSid"), ready.get("RecordingTrack")), (sid.as_str(), "both"));
    assert_eq!(end.get("RecordingUrl"), ready.get("RecordingUrl"));
    let (_, listed) = rig.api.get(&format!("/Calls/{sid}/Recordings.json")).await;
    assert_eq!(listed["recordings"][0]["sid"], ready.get("RecordingSid"));
    // One mixed channel is all there is.
    assert_eq!(rig.api.bytes(&format!("{}?RequestedChannels=2", ready.get("RecordingUrl"))).await.0, 400);
    rig.customer.assert_all_signed();
}
