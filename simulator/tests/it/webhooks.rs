//! Webhooks: repetition by the rules, and never beyond them.

use tokio::net::TcpListener;
use warmline_simulator::{Config, Scenario};

use crate::rig::{Answer, FROM, LEAD, Rig, config};

fn failing(times: usize) -> Vec<Answer> {
    let answer = |status| Answer { status, content_type: "text/plain", body: String::new() };
    let mut answers = vec![answer(500); times];
    answers.push(answer(200));
    answers
}

#[tokio::test]
async fn server_errors_are_repeated_only_when_the_url_says_so() {
    let rig = Rig::start(config(&[(LEAD, Scenario::Busy)])).await;
    rig.customer.answer("/status", failing(2));
    let status = rig.customer.url("/status#rc=3&rp=5xx,ct,rt");
    let params = [("To", LEAD), ("From", FROM), ("Url", "https://a.test/"), ("StatusCallback", &status)];
    let (_, body) = rig.api.post("/Calls.json", &params).await;
    let told = rig
        .customer
        .until("three attempts", |received| (received.len() == 3).then(|| received.to_vec()))
        .await;
    assert!(told.iter().all(|request| request.token == told[0].token && !request.token.is_empty()));
    assert!(told.iter().all(|request| request.fields == told[0].fields && request.query.is_empty()));
    let sid = body["sid"].as_str().unwrap();
    rig.until("delivery", |simulator| simulator.ledger().call(sid).filter(|call| call.delivered == 1)).await;

    // Without an override a 500 is final.
    rig.customer.answer("/status", failing(1));
    let sid = rig.call(LEAD, &[("StatusCallbackEvent", "completed")]).await;
    let truth = rig
        .until("failure", |simulator| simulator.ledger().call(&sid).filter(|call| call.undelivered == 1))
        .await;
    assert_eq!(truth.undelivered, 1);
    rig.customer.assert_all_signed();
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_as_often_as_allowed() {
    let rig = Rig::start(config(&[(LEAD, Scenario::Busy)])).await;
    // A port that was free a moment ago, and on which nobody listens yet.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let status = format!("http://{closed}/status");
    let params = [("To", LEAD), ("From", FROM), ("Url", "https://a.test/")];
    // One repetition follows at once by default, and then it is over.
    let (_, body) =
        rig.api.post("/Calls.json", &[&params[..], &[("StatusCallback", &status)]].concat()).await;
    let sid = body["sid"].as_str().unwrap();
    rig.until("failure", |simulator| simulator.ledger().call(sid).filter(|call| call.undelivered == 1)).await;

    // Three repetitions last long enough for the customer to come up.
    let patient = format!("{status}#rc=3&rp=ct");
    let (_, body) =
        rig.api.post("/Calls.json", &[&params[..], &[("StatusCallback", &patient)]].concat()).await;
    let sid = body["sid"].as_str().unwrap();
    rig.until_ended(sid).await;
    let listener = TcpListener::bind(closed).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(|| async {})).await });
    rig.until("delivery", |simulator| simulator.ledger().call(sid).filter(|call| call.delivered == 1)).await;
}

#[tokio::test]
async fn get_carries_the_fields_in_the_signed_query() {
    let rig = Rig::start(config(&[(LEAD, Scenario::Busy)])).await;
    let status = rig.customer.url("/status?leg=lead&x=a%20b");
    let params = [("To", LEAD), ("From", FROM), ("Url", "https://a.test/"), ("StatusCallback", &status)];
    rig.api.post("/Calls.json", &[&params[..], &[("StatusCallbackMethod", "GET")]].concat()).await;
    let told = rig.customer.request("/status", ("CallStatus", "busy")).await;
    assert_eq!((told.method.as_str(), told.get("leg"), told.get("x")), ("GET", "lead", "a b"));
    rig.customer.assert_all_signed();
}

#[tokio::test]
async fn private_targets_are_refused_when_they_are_not_allowed() {
    let rig = Rig::start(Config { allow_private_targets: false, ..config(&[(LEAD, Scenario::Busy)]) }).await;
    let sid = rig.call(LEAD, &[]).await;
    rig.until("three failures", |simulator| {
        simulator.ledger().call(&sid).filter(|call| call.undelivered == 3)
    })
    .await;
    assert_eq!(rig.customer.received().len(), 0);
}
