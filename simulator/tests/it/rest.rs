//! The REST surface: credentials, refusals, steering, lists.

use serde_json::{Value, json};
use warmline_simulator::{Config, Human, Scenario, Status, TestCredentials};

use crate::rig::{FROM, LEAD, Rig, config};

fn patient() -> Scenario {
    Scenario::Human(Human { answer_after_s: 50.0, greeting_s: 1.0, patience_s: 900.0, talk_s: 9.0 })
}

#[tokio::test]
async fn strangers_are_refused_and_errors_have_the_carriers_form() {
    let rig = Rig::start(config(&[])).await;
    let http = reqwest::Client::new();
    let account = &rig.api.account;
    for (user, password) in [(account.as_str(), "wrong"), ("AC0", "0123456789abcdef0123456789abcdef")] {
        let response =
            http.get(rig.api.url("/Calls.json")).basic_auth(user, Some(password)).send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert!(response.headers()["twilio-request-id"].to_str().unwrap().starts_with("RQ"));
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert_eq!((&body["code"], &body["status"]), (&json!(20003), &json!(401)));
    }
    let (status, body) = rig.api.post("/Calls.json", &[("From", FROM), ("Url", "https://a.test/")]).await;
    assert_eq!(status, 400);
    let expected = json!({
        "code": 21201, "message": "No 'To' number is specified",
        "more_info": "https://www.twilio.com/docs/errors/21201", "status": 400
    });
    assert_eq!(body, expected);
    for (to, code) in
        [("+15005550001", 21217), ("+15005550002", 21214), ("+15005550003", 21215), ("+15005550004", 21216)]
    {
        let params = [("To", to), ("From", "+15005550006"), ("Url", "https://a.test/")];
        let (status, body) = rig.api.post("/Calls.json", &params).await;
        assert_eq!((status, &body["code"]), (400, &json!(code)), "{to}");
    }
    for path in ["/Calls/CA0.json", "/Messages.json", "/Recordings/RE0.wav", "/Conferences/CF0.json"] {
        let (status, body) = rig.api.get(path).await;
        assert_eq!((status, &body["code"]), (404, &json!(20404)), "{path}");
    }
}

#[tokio::test]
async fn a_new_call_is_queued_and_typed_as_the_carrier_types_it() {
    let rig = Rig::start(config(&[(LEAD, patient())])).await;
    let (status, body) = rig.try_call(LEAD, &[]).await.unwrap();
    assert_eq!(status, 201);
    assert_eq!(
        (&body["status"], &body["queue_time"], &body["price_unit"]),
        (&json!("queued"), &json!("0"), &json!("USD"))
    );
    for name in
        ["date_created", "start_time", "end_time", "duration", "price", "answered_by", "parent_call_sid"]
    {
        assert_eq!(body[name], Value::Null, "{name}");
    }
    assert_eq!(body["to_formatted"], "(415) 555-0111");
    let sid = body["sid"].as_str().unwrap();
    let ended = rig.api.post(&format!("/Calls/{sid}.json"), &[("Status", "completed")]).await.1;
    assert_eq!(ended["status"], "canceled");
    rig.customer.request("/status", ("CallStatus", "canceled")).await;
    let (_, read) = rig.api.get(&format!("/Calls/{sid}.json")).await;
    assert_eq!((&read["duration"], &read["price"]), (&json!("0"), &Value::Null));
    jiff::fmt::rfc2822::parse(read["date_created"].as_str().unwrap()).unwrap();
}

#[tokio::test]
async fn steering_follows_the_state_of_the_call() {
    let rig = Rig::start(config(&[(LEAD, patient())])).await;
    rig.customer.twiml("/answer", "<Pause length=\"900\"/>");
    rig.customer.twiml("/next", "<Pause length=\"900\"/>");
    let next = rig.customer.url("/next");
    let sid = rig.call(LEAD, &[]).await;
    let path = format!("/Calls/{sid}.json");
    let (status, body) = rig.api.post(&path, &[("Url", &next)]).await;
    assert_eq!((status, &body["code"]), (400, &json!(21220)), "not answered yet");

    rig.customer.request("/answer", ("CallSid", &sid)).await;
    let (status, body) = rig.api.post(&path, &[("Status", "canceled")]).await;
    assert_eq!((status, &body["status"]), (200, &json!("in-progress")), "too late to cancel");
    let (status, _) = rig.api.post(&path, &[("Url", "nonsense")]).await;
    assert_eq!(status, 400);
    let (status, body) = rig.api.delete(&path).await;
    assert_eq!((status, &body["code"]), (400, &json!(20009)), "a live call is not deleted");
    assert_eq!(rig.api.post(&path, &[("Url", &next)]).await.0, 200);
    rig.customer.request("/next", ("CallStatus", "in-progress")).await;
    let (status, body) = rig.api.post(&path, &[("Status", "completed")]).await;
    assert_eq!((status, &body["status"]), (200, &json!("completed")));

    // The lost race against the hang-up.
    for params in [("Url", next.as_str()), ("Status", "completed")] {
        let (status, body) = rig.api.post(&path, &[params]).await;
        assert_eq!((status, &body["code"]), (400, &json!(21220)), "{params:?}");
    }
    assert_eq!(rig.api.delete(&path).await.0, 204);
    assert_eq!(rig.api.get(&path).await.0, 404);
    assert_eq!(rig.record(&sid).status, Status::Completed, "the ledger does not forget");
}

#[tokio::test]
async fn lists_are_filtered_and_paged_to_their_end() {
    let rig = Rig::start(config(&[])).await;
    let mut placed = Vec::new();
    for n in 0..7 {
        let to = format!("+1415555015{n}");
        placed.push(rig.call(&to, &[("Twiml", "<Response/>")]).await);
    }
    placed.reverse();
    let (_, mut page) = rig.api.get("/Calls.json?PageSize=3").await;
    assert_eq!((&page["page"], &page["start"], &page["end"]), (&json!(0), &json!(0), &json!(2)));
    let mut seen = Vec::new();
    loop {
        seen.extend(
            page["calls"].as_array().unwrap().iter().map(|call| call["sid"].as_str().unwrap().to_owned()),
        );
        // A call placed meanwhile shifts nothing.
        rig.call("+14155550160", &[("Twiml", "<Response/>")]).await;
        let Some(next) = page["next_page_uri"].as_str() else { break };
        page = rig.api.follow(next).await.1;
    }
    assert_eq!(seen, placed);

    let count = async |query: &str| {
        rig.api.get(&format!("/Calls.json?{query}")).await.1["calls"].as_array().unwrap().len()
    };
    assert_eq!(count("To=%2B14155550151").await, 1);
    assert_eq!(count("To=%2B14155550151&From=%2B14155550199").await, 0);
    assert_eq!(count("ParentCallSid=CA1").await, 0);
    rig.until_ended(&placed[0]).await;
    assert_eq!(count("To=%2B14155550156&Status=queued").await, 0);
    assert_eq!(count("To=%2B14155550156&StartTime%3E=2020-01-01&EndTime%3E=2020-01-01").await, 1);
    assert_eq!(count("To=%2B14155550156&StartTime%3C=2020-01-01").await, 0);

    let (_, numbers) = rig.api.get("/IncomingPhoneNumbers.json?PhoneNumber=%2B14155550100").await;
    let number = &numbers["incoming_phone_numbers"][0];
    assert_eq!((&number["phone_number"], &number["capabilities"]["voice"]), (&json!(FROM), &json!(true)));
    let (_, callers) = rig.api.get("/OutgoingCallerIds.json").await;
    assert_eq!(callers["outgoing_caller_ids"][0]["phone_number"], FROM);
    let (status, account) = rig.api.get(".json").await;
    assert_eq!((status, &account["status"]), (200, &json!("active")));
}

#[tokio::test]
async fn test_credentials_try_magic_numbers_out_and_reach_nothing_else() {
    let test = TestCredentials { account_sid: "AC7E57".to_owned(), auth_token: "test-token".to_owned() };
    let rig = Rig::start(Config { test_credentials: Some(test), ..config(&[]) }).await;
    let api = rig.api.with("AC7E57", "test-token");
    for (from, to, expected) in [
        ("+15005550006", LEAD, None),
        ("+15005550006", "+15005550001", Some(21217)),
        ("+15005550006", "+15005550002", Some(21214)),
        ("+15005550006", "+15005550003", Some(21215)),
        ("+15005550006", "+15005550004", Some(21216)),
        ("+15005550001", LEAD, Some(21212)),
        // The account's own number is none of the test credentials'.
        (FROM, LEAD, Some(21210)),
    ] {
        let (answer, told) = (rig.customer.url("/answer"), rig.customer.url("/status"));
        let params = [("To", to), ("From", from), ("Url", &*answer), ("StatusCallback", &*told)];
        let (status, body) = api.post("/Calls.json", &params).await;
        match expected {
            Some(code) => assert_eq!((status, &body["code"]), (400, &json!(code)), "{from} to {to}"),
            None => {
                assert_eq!((status, &body["status"]), (201, &json!("queued")), "{body}");
                assert_eq!(body["account_sid"], "AC7E57");
                let (status, body) = api.get(&format!("/Calls/{}.json", body["sid"].as_str().unwrap())).await;
                assert_eq!((status, &body["code"]), (403, &json!(20008)));
            }
        }
    }
    for path in [".json", "/Calls.json", "/IncomingPhoneNumbers.json", "/Conferences.json"] {
        let (status, body) = api.get(path).await;
        assert_eq!((status, &body["code"]), (403, &json!(20008)), "{path}");
    }
    assert_eq!(rig.api.with("AC7E57", "wrong").get(".json").await.0, 401);
    assert_eq!(rig.api.with("AC7E57", &rig.api.auth_token).get(".json").await.0, 401);
    assert!(rig.customer.received().is_empty() && rig.simulator.ledger().calls().is_empty());
}
