//! The ledger: a carrier that was killed knows its calls when it comes back.

use std::path::PathBuf;

use serde_json::json;
use warmline_simulator::{Config, Error, Human, Scenario, Simulator, Status};

use crate::rig::{AGENT, LEAD, Rig, config};

/// A file in the build's scratch folder, absent at first.
fn scratch(name: &str) -> PathBuf {
    let path =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

#[tokio::test]
async fn live_calls_end_at_a_restart_and_old_ones_are_remembered() {
    let path = scratch("restart");
    let human = Human { answer_after_s: 2.0, greeting_s: 1.0, patience_s: 9_000.0, talk_s: 9.0 };
    let scripts =
        [(LEAD, Scenario::Human(human)), (AGENT, Scenario::NoAnswer), ("+14155550144", Scenario::Busy)];
    let with_ledger = || Config { ledger_path: Some(path.clone()), ..config(&scripts) };
    let rig = Rig::start(with_ledger()).await;
    let room = "<Dial><Conference record=\"record-from-start\">room</Conference></Dial>";
    rig.customer.twiml("/answer", room);
    let talking = rig.call(LEAD, &[]).await;
    let ringing = rig.call(AGENT, &[("Timeout", "600")]).await;
    let busy = rig.call("+14155550144", &[]).await;
    rig.until_ended(&busy).await;
    rig.until("stay in the room", |simulator| {
        let call = simulator.ledger().call(&talking)?;
        (!call.stays.is_empty() && simulator.ledger().call(&ringing)?.ringing.is_some()).then_some(())
    })
    .await;
    let before = rig.simulator.ledger().calls();
    let customer = rig.customer;
    rig.simulator.stop().await;

    // A kill in the middle of a line leaves half of it.
    let written = std::fs::read(&path).unwrap();
    let torn = [&written[..], b"{\"at\":\"2026-01-01T0"].concat();
    std::fs::write(&path, torn).unwrap();
    let rig = Rig::start_for(customer, with_ledger()).await;
    for (sid, status, sip_code) in [(&talking, "completed", "200"), (&ringing, "failed", "404")] {
        let told = rig
            .customer
            .until("the end of a cut call", |received| {
                received
                    .iter()
                    .find(|request| request.get("CallSid") == sid && request.get("CallStatus") == status)
                    .cloned()
            })
            .await;
        assert_eq!(told.get("SipResponseCode"), sip_code);
        let (_, read) = rig.api.get(&format!("/Calls/{sid}.json")).await;
        assert_eq!(read["status"], json!(status));
        let (code, refused) = rig.api.post(&format!("/Calls/{sid}.json"), &[("Status", "completed")]).await;
        assert_eq!((code, &refused["code"]), (400, &json!(21220)));
    }
    let after = rig.simulator.ledger().calls();
    assert_eq!(after.len(), 3);
    let same = |index: usize| (before[index].order.clone(), before[index].answered, before[index].created);
    for (index, call) in after.iter().enumerate() {
        assert_eq!((call.order.clone(), call.answered, call.created), same(index));
    }
    assert_eq!(after[2].status, Status::Busy);
    assert!(after[0].stays[0].left.is_some());
    let rooms = rig.simulator.ledger().conferences();
    assert!(rooms.len() == 1 && rooms[0].ended.is_some());
    let (_, listed) = rig.api.get("/Calls.json").await;
    assert_eq!(listed["calls"].as_array().unwrap().len(), 3);

    // And a third carrier reads what the second one wrote.
    let folded = rig.simulator.ledger().calls();
    rig.simulator.stop().await;
    let rig = Rig::start(with_ledger()).await;
    assert_eq!(
        rig.simulator.ledger().calls().iter().map(|call| call.ended).collect::<Vec<_>>(),
        folded.iter().map(|call| call.ended).collect::<Vec<_>>()
    );
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn the_ledger_is_served_and_a_file_that_is_none_is_refused() {
    let rig = Rig::start(config(&[(LEAD, Scenario::Busy)])).await;
    let sid = rig.call(LEAD, &[]).await;
    rig.until_ended(&sid).await;
    rig.customer.request("/status", ("CallStatus", "busy")).await;
    let read = async |path: &str| -> serde_json::Value {
        let body = reqwest::get(format!("{}{path}", rig.api.origin)).await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&body).unwrap()
    };
    let ledger = read("/simulator/ledger").await;
    assert_eq!(
        (&ledger[0]["sid"], &ledger[0]["status"], &ledger[0]["order"]["to"]),
        (&json!(sid), &json!("busy"), &json!(LEAD))
    );
    assert_eq!(ledger[0]["order"]["status_callback"]["url"], json!(rig.customer.url("/status")));
    let summary = read("/simulator/calls").await;
    assert_eq!(
        (&summary["total"], &summary["live"], &summary["by_status"]),
        (&json!(1), &json!(0), &json!({ "busy": 1 }))
    );

    let path = scratch("nonsense");
    std::fs::write(&path, "{\"fact\":\"dreamt\"}\n").unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = Config { ledger_path: Some(path.clone()), ..config(&[]) };
    let error = Simulator::start(config, listener).err().unwrap();
    assert!(matches!(error, Error::LedgerLine { line: 1, .. }), "{error}");
    std::fs::remove_file(&path).unwrap();
}
