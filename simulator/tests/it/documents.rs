//! Documents: how they are fetched and run.

use warmline_simulator::{Agent, Human, Reaction, Scenario, Status};

use crate::rig::{AGENT, Answer, LEAD, Rig, config};

async fn rig() -> Rig {
    let human =
        Scenario::Human(Human { answer_after_s: 1.0, greeting_s: 1.0, patience_s: 300.0, talk_s: 9.0 });
    let reaction = Reaction::Presses { key: '1', after_s: 1.0 };
    let agent = Scenario::Agent(Agent { answer_after_s: 1.0, reaction, talk_limit_s: None });
    Rig::start(config(&[(LEAD, human), (AGENT, agent)])).await
}

fn answer(status: u16, content_type: &'static str, body: &str) -> Answer {
    Answer { status, content_type, body: body.to_owned() }
}

#[tokio::test]
async fn what_cannot_be_run_goes_to_the_fallback_with_its_code() {
    let rig = rig().await;
    rig.customer.twiml("/fallback", "<Say>We will call again.</Say>");
    let fallback = rig.customer.url("/fallback");
    let huge = format!("<Response><Say>{}</Say></Response>", "x".repeat(65 * 1024));
    let rows = [
        (answer(500, "text/xml", "<Response/>"), "11200"),
        (answer(200, "text/xml", "<Response>"), "12100"),
        (answer(200, "text/xml", "<Other/>"), "12101"),
        (answer(200, "text/xml", " "), "11770"),
        (answer(200, "application/json", "{}"), "12300"),
        (answer(200, "text/xml", &huge), "11750"),
    ];
    for (reply, code) in rows {
        rig.customer.answer("/answer", vec![reply]);
        let sid = rig.call(LEAD, &[("FallbackUrl", &fallback)]).await;
        let asked = rig.customer.request("/fallback", ("CallSid", &sid)).await;
        assert_eq!(
            (asked.get("ErrorCode"), asked.get("ErrorUrl")),
            (code, rig.customer.url("/answer").as_str())
        );
        let truth = rig.until_ended(&sid).await;
        assert_eq!((truth.status, truth.warnings), (Status::Completed, vec![code.parse().unwrap()]));
    }
    rig.customer.assert_all_signed();
}

#[tokio::test]
async fn text_is_read_aloud_and_audio_is_played() {
    let rig = rig().await;
    for (content_type, body, seconds) in
        [("text/plain", "x".repeat(750), 50), ("audio/mpeg", "ID3".to_owned(), 8)]
    {
        rig.customer.answer("/answer", vec![answer(200, content_type, &body)]);
        let sid = rig.call(LEAD, &[]).await;
        let duration_s = rig.until_ended(&sid).await.duration_s().unwrap();
        assert!((seconds..=seconds + 20).contains(&duration_s), "{content_type}: {duration_s} s");
    }
}

#[tokio::test]
async fn audio_that_cannot_be_had_is_passed_over() {
    let rig = rig().await;
    rig.customer.answer("/broken.wav", vec![answer(503, "text/plain", "the store is down")]);
    rig.customer.answer("/page", vec![answer(200, "text/html", "no sound")]);
    rig.customer.twiml("/after", "<Hangup/>");
    for (path, code) in [("/broken.wav", 11200), ("/page", 12300), ("http://:1", 11100)] {
        rig.customer.twiml("/answer", &format!("<Play>{path}</Play><Redirect>/after</Redirect>"));
        let sid = rig.call(LEAD, &[]).await;
        rig.customer.request("/after", ("CallSid", &sid)).await;
        let truth = rig.until_ended(&sid).await;
        assert_eq!((truth.status, truth.warnings, truth.played), (Status::Completed, vec![code], vec![]));
    }
}

#[tokio::test]
async fn gather_submits_keys_or_falls_through() {
    let rig = rig().await;
    rig.customer.twiml("/keys", "<Hangup/>");
    rig.customer.twiml("/none", "<Hangup/>");
    let gather = |attributes: &str| {
        format!(
            "<Gather action=\"keys\" timeout=\"3\" {attributes}><Say>Press.</Say></Gather><Redirect>/none</Redirect>"
        )
    };
    // Relative links are relative to the document; two digits that never come time out as one.
    for (to, attributes, path, digits) in [
        (AGENT, "numDigits=\"1\"", "/keys", "1"),
        (AGENT, "numDigits=\"2\"", "/keys", "1"),
        (AGENT, "finishOnKey=\"1\"", "/none", ""),
        (LEAD, "", "/none", ""),
        (LEAD, "actionOnEmptyResult=\"true\"", "/keys", ""),
    ] {
        rig.customer.twiml("/answer", &gather(attributes));
        let sid = rig.call(to, &[]).await;
        let asked = rig.customer.request(path, ("CallSid", &sid)).await;
        assert_eq!(asked.get("Digits"), digits, "{to} {attributes}");
        assert_eq!(rig.until_ended(&sid).await.status, Status::Completed);
    }
}

#[tokio::test]
async fn the_wait_document_loops_by_its_own_redirect_and_is_needed() {
    let rig = rig().await;
    let room =
        "<Dial action=\"/after\"><Conference waitUrl=\"/hold\" waitMethod=\"GET\">room</Conference></Dial>";
    rig.customer.twiml("/answer", room);
    rig.customer.twiml("/after", "<Hangup/>");
    rig.customer.sound("/music.wav", 20);
    rig.customer.twiml("/hold", "<Play>music.wav</Play><Redirect method=\"GET\">/hold</Redirect>");
    let sid = rig.call(LEAD, &[]).await;
    rig.customer
        .until("third round of music", |received| {
            (received.iter().filter(|request| request.path == "/hold" && request.method == "GET").count()
                >= 3)
                .then_some(())
        })
        .await;
    assert_eq!(rig.api.post(&format!("/Calls/{sid}.json"), &[("Status", "completed")]).await.0, 200);

    rig.customer.answer("/hold", vec![answer(404, "text/plain", "gone")]);
    let sid = rig.call(LEAD, &[]).await;
    let after = rig.customer.request("/after", ("CallSid", &sid)).await;
    assert_eq!((after.get("DialCallStatus"), after.get("DialBridged")), ("failed", "false"));
    rig.customer.assert_all_signed();
}

#[tokio::test]
async fn documents_that_run_in_circles_end() {
    let rig = rig().await;
    rig.customer.twiml("/answer", "<Redirect/>");
    let sid = rig.call(LEAD, &[]).await;
    let truth = rig.until_ended(&sid).await;
    assert_eq!((truth.status, truth.warnings), (Status::Completed, vec![11215]));
    assert_eq!(rig.customer.received_at("/answer").len(), 51);
}
