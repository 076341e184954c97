//! The queue: calls start at the account's pace, whatever pace they were created at.

use serde_json::json;
use warmline_simulator::{Config, Scenario};

use crate::rig::{LEAD, Rig, config};

#[tokio::test]
async fn excess_calls_are_accepted_at_once_and_start_one_by_one() {
    let rig = Rig::start(Config { cps: 0.1, ..config(&[(LEAD, Scenario::Busy)]) }).await;
    let mut sids = Vec::new();
    for _ in 0..5 {
        sids.push(rig.call(LEAD, &[]).await);
    }
    let (_, last) = rig.api.get(&format!("/Calls/{}.json", sids[4])).await;
    let queue_time_ms: f64 = last["queue_time"].as_str().unwrap().parse().unwrap();
    assert!((10_000.0..=40_000.0).contains(&queue_time_ms), "{queue_time_ms}");
    let mut starts = Vec::new();
    for sid in &sids {
        starts.push(rig.until_ended(sid).await.initiated.unwrap().at);
    }
    for pair in starts.windows(2) {
        let gap = pair[1].duration_since(pair[0]).as_secs_f64();
        assert!(gap >= 9.999, "{gap} s between starts at one in 10 s");
    }
}

#[tokio::test]
async fn a_queued_call_can_be_taken_back_and_the_account_has_a_limit() {
    let rig =
        Rig::start(Config { cps: 0.001, max_calls: Some(2), ..config(&[(LEAD, Scenario::NoAnswer)]) }).await;
    rig.call(LEAD, &[("Timeout", "600")]).await;
    let waiting = rig.call(LEAD, &[]).await;
    let (status, body) = rig.try_call(LEAD, &[]).await.unwrap();
    assert_eq!((status, &body["code"]), (429, &json!(10004)));
    let (_, body) = rig.api.post(&format!("/Calls/{waiting}.json"), &[("Status", "canceled")]).await;
    assert_eq!(body["status"], "canceled");
    let truth = rig.record(&waiting);
    assert_eq!((truth.initiated, truth.ringing), (None, None), "it never left the queue");
    rig.call(LEAD, &[]).await;
}
