//! How a call can end, each as the carrier tells it.

use warmline_simulator::{AnsweredBy, CallRecord, Status};
use warmline_workflows::call::{Conduct, OnMachine};

use crate::support::wire::callback;
use crate::support::{Rig, Spec, agent_phone, cadence, lead, phone, scripts, seconds};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_bridged_to_an_agent_within_fifteen_seconds() {
    let dana = phone(11);
    let human = r#"{"is":"human","answer_after_s":5,"greeting_s":1,"talk_s":6}"#;
    let rig = Rig::start(Spec { factor: 6.0, scripts: scripts([(&*dana, human)]), ..Spec::default() }).await;
    rig.call(&[&dana]).await;
    rig.finished().await;
    rig.rest().await;

    let (lead_leg, agent_leg) = (rig.record(&dana), rig.record(&agent_phone(0)));
    let waited_s = seconds(lead_leg.answered.unwrap().at, lead_leg.bridged.unwrap().at);
    assert!(waited_s < 15.0, "bridged {waited_s} s after the answer");
    assert_eq!(lead_leg.answered_by, Some(AnsweredBy::Human));
    assert_eq!((agent_leg.keys.as_str(), agent_leg.answered_by), ("1", None));
    let names = |leg: &CallRecord| leg.stays.iter().map(|stay| stay.conference.clone()).collect::<Vec<_>>();
    assert_eq!(names(&lead_leg), names(&agent_leg), "both were in the same conference, once");
    let conference = &rig.simulator.ledger().conferences()[0];
    assert_eq!(conference.name, format!("wl-{}", callback(&lead_leg).call.0.simple()));

    let states =
        ["queued", "dialing", "amd", "conference", "agent_whisper", "bridged", "closing", "dispositioned"];
    assert_eq!(rig.path(&dana).await, states);
    let line = &rig.engine.lead_lines(rig.tenant, rig.campaign).await.unwrap()[0];
    assert_eq!((line.status.as_str(), line.dispositions[0].as_str()), ("reached", "answered"));
    assert_eq!(line.agent.as_deref(), Some("Agent 0"));
    assert!((5..=12).contains(&line.talk_s), "talked {} s", line.talk_s);

    let recorded = &rig.simulator.ledger().recordings()[0];
    let row = &rig.recordings().await[0];
    assert_eq!(row.recording_sid, recorded.sid);
    assert_eq!(u64::try_from(row.duration_s).ok(), recorded.duration_s());
}

/// A callee, and what a call to it comes to: the disposition, and what becomes of the lead.
const CALLEES: [(&str, &str, &str); 8] = [
    (r#"{"is":"busy"}"#, "busy", "exhausted"),
    (r#"{"is":"no_answer"}"#, "no_answer", "exhausted"),
    (r#"{"is":"failed"}"#, "failed", "exhausted"),
    (r#"{"is":"machine","answer_after_s":3,"greeting_s":5}"#, "voicemail", "closed"),
    (r#"{"is":"fax","answer_after_s":3}"#, "fax", "closed"),
    (r#"{"is":"hangs_up_early","answer_after_s":3,"after_s":1.2}"#, "hung_up", "closed"),
    // Detection hears nothing, and an agent on the line beats a dropped person.
    (r#"{"is":"silence","answer_after_s":3}"#, "answered", "reached"),
    (r#"{"is":"human","answer_after_s":3,"talk_s":8}"#, "answered", "reached"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_ending_has_its_disposition_and_only_some_are_tried_again() {
    let phones: Vec<String> = (0..CALLEES.len()).map(phone).collect();
    let lines = phones.iter().map(String::as_str).zip(CALLEES.iter().map(|(script, ..)| *script));
    // A message of some length: it is spoken for a while, and can be listened to.
    let text = "Hello, sorry we missed you. ".repeat(10);
    let conduct = Conduct {
        on_machine: OnMachine::LeaveMessage { audio_id: None, audio_url: None, text },
        ..Conduct::default()
    };
    let (scripts, cadence) = (scripts(lines), cadence(1, 60));
    let rig =
        Rig::start(Spec { factor: 30.0, scripts, agents: 8, cadence, conduct, ..Spec::default() }).await;
    // A number that the carrier refuses, as if it were one of New York.
    let refused = lead("+12125550189");
    let refused = warmline_engine::leads::NewLead { phone: "+15005550001".to_owned(), ..refused };
    rig.store(rig.campaign, &[refused]).await;
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    rig.call(&numbers).await;

    let machine = &phones[3];
    rig.until_state(machine, "voicemail").await;
    let message = rig.document(&rig.record(machine)).await;
    rig.finished().await;
    rig.rest().await;

    let outcomes = rig.outcomes().await;
    for (number, (script, disposition, status)) in phones.iter().zip(CALLEES) {
        assert_eq!(outcomes[number], [disposition], "{script}");
        assert_eq!(rig.lead(number).await.status, status, "{script}");
    }
    let leg = |n: usize| rig.record(&phones[n]);
    let busy = leg(0);
    assert!(seconds(busy.ringing.unwrap().at, busy.ended.unwrap().at) < 5.0, "busy is told at once");
    let unanswered = leg(1);
    let rang_s = seconds(unanswered.ringing.unwrap().at, unanswered.ended.unwrap().at);
    assert!((rang_s - 30.0).abs() < 0.1, "rang for {rang_s} s");
    assert_eq!((leg(2).status, leg(2).ringing), (Status::Failed, None));
    // The message was said after the tone, and to its end.
    let voicemail = leg(3);
    assert!(message.contains("<Say>Hello, sorry we missed you."), "{message}");
    assert_eq!((voicemail.answered_by, voicemail.redirects), (Some(AnsweredBy::MachineEndBeep), 1));
    let lasted_s = voicemail.duration_s().unwrap();
    assert!((20..60).contains(&lasted_s), "greeting and message took {lasted_s} s");
    assert_eq!((voicemail.stays.len(), leg(4).stays.len()), (0, 0), "no agent was troubled");
    assert_eq!(leg(6).answered_by, Some(AnsweredBy::Unknown));
    // Refused before it was a call at all, and for good.
    let invalid = rig.lead("+15005550001").await;
    assert_eq!(
        (invalid.status.as_str(), invalid.disposition.as_deref()),
        ("invalid", Some("invalid_number"))
    );
    assert!(rig.records("+15005550001").is_empty());
    // Nothing that we told the carrier to do was wrong.
    let warnings: Vec<_> = rig.simulator.ledger().calls().into_iter().map(|call| call.warnings).collect();
    assert_eq!(warnings.concat(), Vec::<u32>::new(), "warnings of the carrier");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_says_what_to_do_about_machines() {
    let [silent, played, undetected] = [phone(0), phone(1), phone(2)];
    let machine = r#"{"is":"machine","answer_after_s":3,"greeting_s":5}"#;
    let human = r#"{"is":"human","answer_after_s":3,"talk_s":8}"#;
    let lines = [(&*silent, machine), (&*played, machine), (&*undetected, human)];
    let rig = Rig::start(Spec { factor: 15.0, scripts: scripts(lines), agents: 3, ..Spec::default() }).await;
    let usual = &rig.template.conduct;
    // Any file at an address of somebody's will do.
    let audio_url = format!("{}media/hold-music.wav", rig.setup.public_base);
    let leave = OnMachine::LeaveMessage {
        audio_id: None,
        audio_url: Some(audio_url.clone()),
        text: "Unused.".to_owned(),
    };
    for (number, conduct) in [
        (&silent, Conduct { on_machine: OnMachine::HangUp, ..usual.clone() }),
        (&played, Conduct { on_machine: leave, ..usual.clone() }),
        (&undetected, Conduct { amd_timeout_s: None, record: false, ..usual.clone() }),
    ] {
        let campaign = rig.add_campaign(conduct).await;
        rig.store(campaign, &[lead(number)]).await;
        rig.move_to(campaign, warmline_workflows::campaign::Status::Active).await;
    }
    rig.until_state(&played, "voicemail").await;
    let message = rig.document(&rig.record(&played)).await;
    assert!(message.contains(&format!("<Play>{audio_url}</Play>")), "{message}");
    rig.finished().await;
    rig.rest().await;

    for (number, disposition) in [(&silent, "voicemail"), (&played, "voicemail"), (&undetected, "answered")] {
        assert_eq!(rig.lead(number).await.disposition.as_deref(), Some(disposition), "{number}");
    }
    let heard: Vec<_> = rig.record(&played).played.into_iter().map(|it| it.url).collect();
    assert_eq!(heard, [audio_url]);
    let silent = rig.record(&silent);
    assert_eq!(silent.redirects, 0, "the machine was told nothing");
    let heard_s = seconds(silent.answered.unwrap().at, silent.ended.unwrap().at);
    assert!(heard_s < 60.0, "hung up {heard_s} s after the answer");
    let undetected = rig.record(&undetected);
    assert_eq!(
        (&undetected.order.detection, undetected.redirects),
        (&None, 0),
        "straight into the conference"
    );
    assert!(undetected.bridged.is_some());
    assert_eq!(rig.recordings().await, [], "a campaign that does not record");
    assert_eq!(rig.simulator.ledger().recordings(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_did_not_get_through_is_made_again_an_hour_later_up_to_three_times() {
    let phones: Vec<String> = (0..4).map(phone).collect();
    let scripted = [
        r#"{"is":"no_answer"}"#,
        r#"{"is":"busy"}"#,
        r#"{"is":"failed"}"#,
        r#"[{"is":"busy"},{"is":"no_answer"},{"is":"failed"}]"#,
    ];
    let lines = phones.iter().map(String::as_str).zip(scripted);
    let spec = Spec { factor: 1500.0, scripts: scripts(lines), agents: 4, ..Spec::default() };
    let rig = Rig::start(spec).await;
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    rig.call(&numbers).await;

    let unanswered = &phones[0];
    rig.until_state(unanswered, "dispositioned").await;
    let waiting = rig.lead(unanswered).await;
    assert_eq!((waiting.status.as_str(), waiting.attempts, waiting.open_calls), ("waiting", 1, 0));
    let delay_s = seconds(rig.closed_at(unanswered).await, waiting.due().unwrap());
    assert_eq!(delay_s, 3600.0, "from the end of the first call to the second");
    rig.finished().await;
    rig.rest().await;

    let outcomes = rig.outcomes().await;
    assert_eq!(outcomes[unanswered], ["no_answer"; 3]);
    assert_eq!(outcomes[&phones[1]], ["busy"; 3]);
    assert_eq!(outcomes[&phones[2]], ["failed"; 3]);
    assert_eq!(outcomes[&phones[3]], ["busy", "no_answer", "failed"]);
    for number in &phones {
        assert_eq!(rig.lead(number).await.status, "exhausted");
        assert_eq!(rig.records(number).len(), 3);
    }
    let tokens = rig
        .simulator
        .ledger()
        .calls()
        .iter()
        .map(|leg| callback(leg).token)
        .collect::<std::collections::HashSet<_>>();
    assert_eq!(tokens.len(), 12, "each attempt has a token of its own");
}
