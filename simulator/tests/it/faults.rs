//! Faults: each one does what it says, and the ledger tells the truth about it.

use std::collections::HashSet;

use serde_json::json;
use warmline_simulator::{Faults, ListFaults, RestFaults, Scenario, WebhookFaults};

use crate::rig::{LEAD, Rig, config};

async fn rig() -> Rig {
    Rig::start(config(&[(LEAD, Scenario::Busy)])).await
}

#[tokio::test]
async fn rest_faults_lose_the_answer_and_the_ledger_knows_the_call() {
    let none = RestFaults::default();
    let rows = [
        (RestFaults { too_many: 1.0, ..none.clone() }, Some(429), 0),
        (RestFaults { refuse: 1.0, ..none.clone() }, Some(503), 0),
        (RestFaults { error_after: 1.0, ..none.clone() }, Some(500), 1),
        (RestFaults { reset_after: 1.0, ..none.clone() }, None, 1),
        (RestFaults { hang_after: 1.0, hang_ms: 50, ..none.clone() }, None, 1),
        (RestFaults { slow: 1.0, slow_ms: 50, ..none }, Some(201), 1),
    ];
    for (create, expected, accepted) in rows {
        let rig = rig().await;
        rig.simulator.set_faults(Faults { create: create.clone(), ..Faults::default() });
        let answer = rig.try_call(LEAD, &[]).await;
        assert_eq!(answer.as_ref().ok().map(|(status, _)| *status), expected, "{create:?}");
        if let Err(error) = answer {
            // A reset before any byte of an answer, and no orderly end of the connection.
            assert!(format!("{error:?}").contains("reset"), "{create:?}: {error:?}");
        }
        let calls = rig.simulator.ledger().calls();
        assert_eq!(calls.len(), accepted, "{create:?}");
        if let Some(call) = calls.first() {
            rig.until_ended(&call.sid).await;
            rig.customer.request("/status", ("CallStatus", "busy")).await;
        }
    }
}

#[tokio::test]
async fn a_slow_answer_lets_the_callbacks_overtake_it() {
    let rig = rig().await;
    let create = RestFaults { slow: 1.0, slow_ms: 1_500, ..RestFaults::default() };
    rig.simulator.set_faults(Faults { create, ..Faults::default() });
    let creating = rig.try_call(LEAD, &[]);
    tokio::pin!(creating);
    tokio::select! {
        answer = &mut creating => panic!("answered first: {answer:?}"),
        told = rig.customer.request("/status", ("CallStatus", "initiated")) => assert!(told.is_signed),
    }
    assert_eq!(creating.await.unwrap().0, 201);
}

#[tokio::test]
async fn update_faults_spare_creation_and_the_control_endpoint_switches_them() {
    let rig = rig().await;
    let http = reqwest::Client::new();
    let url = format!("{}/simulator/faults", rig.api.origin);
    let sent = http.post(&url).json(&json!({ "update": { "reset_after": 1.0 } })).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let sid = rig.call("+14155550177", &[("Twiml", "<Response/>")]).await;
    let path = format!("/Calls/{sid}.json");
    assert!(rig.api.try_post(&path, &[("Status", "completed")]).await.is_err());
    assert!(rig.record(&sid).ended.is_some(), "it was done all the same");
    let refused = http.post(&url).json(&json!({ "upside": {} })).send().await.unwrap();
    assert_eq!(refused.status(), 422, "a misspelt fault is no fault");
    http.post(&url).json(&json!({})).send().await.unwrap();
    let read: serde_json::Value =
        serde_json::from_slice(&http.get(&url).send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(serde_json::from_value::<Faults>(read).unwrap(), Faults::default());
}

#[tokio::test]
async fn webhooks_are_lost_doubled_and_disordered_by_the_seed() {
    let rig = rig().await;
    let webhooks = |change: fn(&mut WebhookFaults)| {
        let mut webhooks = WebhookFaults::default();
        change(&mut webhooks);
        rig.simulator.set_faults(Faults { webhooks, ..Faults::default() });
    };
    webhooks(|faults| faults.lose = 1.0);
    let sid = rig.call(LEAD, &[]).await;
    rig.until("three losses", |simulator| simulator.ledger().call(&sid).filter(|call| call.undelivered == 3))
        .await;
    assert_eq!(rig.customer.received().len(), 0);

    webhooks(|faults| faults.duplicate = 1.0);
    let sid = rig.call(LEAD, &[]).await;
    let told = rig
        .customer
        .until("duplicates", |received| {
            let tokens: HashSet<_> = received.iter().map(|request| request.token.clone()).collect();
            (tokens.len() == 3 && received.len() >= 6).then(|| received.to_vec())
        })
        .await;
    assert!(told.iter().all(|request| request.get("CallSid") == sid));

    webhooks(|faults| faults.disorder_ms = 100);
    rig.customer
        .until("an order other than the sequence", |received| {
            let mut orders: std::collections::HashMap<&str, Vec<&str>> = std::collections::HashMap::new();
            for request in received {
                orders.entry(request.get("CallSid")).or_default().push(request.get("SequenceNumber"));
            }
            orders.values().any(|order| order.len() == 3 && !order.is_sorted()).then_some(())
        })
        .or_calls(&rig)
        .await;
    rig.customer.assert_all_signed();
}

#[tokio::test]
async fn lists_can_lag_and_fail_while_single_calls_are_found() {
    let rig = rig().await;
    rig.simulator.set_faults(Faults {
        list: ListFaults { lag_ms: 1_000, ..ListFaults::default() },
        ..Faults::default()
    });
    let sid = rig.call(LEAD, &[]).await;
    let listed =
        async || rig.api.get("/Calls.json?To=%2B14155550111").await.1["calls"].as_array().map(Vec::len);
    assert_eq!(listed().await, Some(0));
    assert_eq!(rig.api.get(&format!("/Calls/{sid}.json")).await.0, 200);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while listed().await != Some(1) {
        assert!(std::time::Instant::now() < deadline, "the call never appeared in the list");
    }
    rig.simulator.set_faults(Faults {
        list: ListFaults { refuse: 1.0, ..ListFaults::default() },
        ..Faults::default()
    });
    assert_eq!(rig.api.get("/Calls.json").await.0, 503);
}

/// Places calls until something is seen.
trait OrCalls: Sized {
    async fn or_calls(self, rig: &Rig);
}

impl<F: Future<Output = ()>> OrCalls for F {
    async fn or_calls(self, rig: &Rig) {
        let calling = async {
            loop {
                let sid = rig.call(LEAD, &[]).await;
                rig.until_ended(&sid).await;
            }
        };
        tokio::select! {
            () = self => {}
            () = calling => {}
        }
    }
}
