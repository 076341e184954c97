//! Who is called at all: lists, campaigns that pause, agents who are away.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use warmline_engine::leads::Stored;
use warmline_simulator::Status;

use crate::cast::{agent, lead};
use crate::report::Measured;
use crate::stage::{Campaign, Stage, good};
use crate::support::{self, Rig, Spec, cadence, phone, scripts, seconds, until};

const SOON: Duration = Duration::from_secs(60);
/// Business time in which nothing may happen: many times what a round of pacing takes.
const QUIET: SignedDuration = SignedDuration::from_secs(30);
/// The most real time until a call that rings is taken back.
const TAKEN_BACK_WITHIN_S: f64 = 2.0;

/// On an installation of its own, where a leg is placed each minute, so that calls wait for their turn.
pub(crate) async fn do_not_call(_: &Stage) -> Measured {
    let phones = [phone(0), phone(1), phone(2)];
    let rings = r#"{"is":"no_answer"}"#;
    let spec = Spec {
        scripts: scripts(phones.iter().map(|phone| (phone.as_str(), rings))),
        calls_per_second: 1.0 / 60.0,
        cadence: cadence(1, 60),
        ..Spec::default()
    };
    let rig = Box::pin(Rig::start(spec)).await;
    let [first, second, before] = &phones;
    rig.do_not_call(before).await;
    let stored = rig.store(rig.campaign, &[support::lead(before)]).await;
    assert!(matches!(stored[..], [Stored::DoNotCall(_)]), "{stored:?}");
    rig.call(&[first, second]).await;
    let rings = async || rig.legs().iter().any(|leg| leg.ringing.is_some());
    until("one of them rings", SOON, rings).await;
    let (ringing, queued) = if rig.records(first).is_empty() { (second, first) } else { (first, second) };
    assert_eq!(rig.state(queued).await.as_deref(), Some("queued"));
    rig.do_not_call(queued).await;
    let listed = Timestamp::now();
    rig.do_not_call(ringing).await;
    rig.finished().await;
    rig.rest().await;

    assert!(rig.records(before).is_empty() && rig.records(queued).is_empty(), "listed, and called");
    let leg = rig.record(ringing);
    let after_s = seconds(listed, leg.ended.unwrap().real);
    assert!(after_s < TAKEN_BACK_WITHIN_S, "it rang on for {after_s:.1} s");
    assert_eq!(leg.status, Status::Canceled);
    let outcomes = rig.outcomes().await;
    assert_eq!(
        (&*outcomes[queued], &*outcomes[ringing]),
        (&["do_not_call".to_owned()][..], &["do_not_call".to_owned()][..])
    );
    rig.close().await;
    Ok(format!(
        "listed before: never called; while queued: never called; while ringing: ended {after_s:.2} s later"
    ))
}

pub(crate) async fn duplicates(stage: &Stage) -> Measured {
    let (dana, listed) = (lead(7, 0), lead(7, 1));
    let campaign = Campaign::open(stage, "Lists", &[agent(7, 0)], json!({})).await;
    good(stage.ana().post("/api/dnc", json!({ "phone": listed })).await);
    let spelt = format!("({}) 555-{}", &dana[2..5], &dana[8..]);
    let file =
        format!("first_name,phone\r\nDana,{dana}\r\nDana again,\"{spelt}\"\r\nLee,{listed}\r\nNobody,12\r\n");
    let first = campaign.upload(&file).await;
    let expected = json!({ "rows": 4, "valid": 1, "invalid": 1, "duplicate": 1, "do_not_call": 1 });
    assert_eq!(first["counts"], expected);
    let again = campaign.upload(&file).await;
    assert_eq!((&again["counts"]["valid"], &again["counts"]["duplicate"]), (&json!(0), &json!(3)), "{again}");
    campaign.turn("start").await;
    campaign.finished(SOON).await;
    assert_eq!((stage.rig().records(&dana).len(), stage.rig().records(&listed).len()), (1, 0));
    Ok("in the file, spelt otherwise: rejected; the file again: all rejected; called once".to_owned())
}

/// Terms of a campaign whose agents take one call soon after the other.
fn brisk() -> Value {
    json!({ "conduct": { "wrap_up_s": 5 } })
}

pub(crate) async fn pause(stage: &Stage) -> Measured {
    let phones: Vec<String> = (0..6).map(|n| lead(8, n)).collect();
    let campaign = Campaign::open(stage, "Paused", &[agent(8, 0), agent(8, 1)], brisk()).await;
    let rig = stage.rig();
    let dialed = || phones.iter().filter(|phone| !rig.records(phone).is_empty()).count();
    campaign.upload(&crate::stage::list(&phones)).await;
    rig.passed(rig.now() + QUIET).await;
    assert_eq!(dialed(), 0, "called before the start");
    campaign.turn("start").await;
    until("one is connected", SOON, async || {
        phones.iter().any(|phone| rig.records(phone).iter().any(|leg| leg.bridged.is_some()))
    })
    .await;
    campaign.turn("pause").await;
    until("calls in progress are finished", SOON, async || {
        campaign.calls().await.iter().all(|call| call["closed_at"].is_string())
    })
    .await;
    let before = dialed();
    rig.passed(rig.now() + QUIET).await;
    assert_eq!(dialed(), before, "called during the pause");
    campaign.turn("resume").await;
    campaign.finished(SOON).await;
    let calls = campaign.calls().await;
    let answered = calls.iter().filter(|call| call["disposition"] == "answered").count();
    assert_eq!((dialed(), answered), (phones.len(), phones.len()), "{calls:?}");
    Ok(format!(
        "0 calls before the start, {before} of 6 until the pause, 0 during it, 6 after it; all answered"
    ))
}

pub(crate) async fn away(stage: &Stage) -> Measured {
    let phones: Vec<String> = (0..3).map(|n| lead(9, n)).collect();
    let campaign = Campaign::open(stage, "Away", &[agent(9, 0), agent(9, 1)], brisk()).await;
    campaign.set_status(0, "break").await;
    campaign.set_status(1, "offline").await;
    campaign.call(&phones).await;
    let rig = stage.rig();
    rig.passed(rig.now() + QUIET).await;
    let called = phones.iter().filter(|phone| !rig.records(phone).is_empty()).count();
    assert_eq!(called, 0, "called although nobody could take the call");
    campaign.set_status(0, "available").await;
    campaign.finished(SOON).await;
    let offers = [rig.records(&agent(9, 0)).len(), rig.records(&agent(9, 1)).len()];
    assert_eq!(offers, [phones.len(), 0], "offered to whoever was away");
    for phone in &phones {
        assert_eq!(campaign.dispositions(phone).await, ["answered"]);
    }
    Ok("break and offline: 0 calls; one back: 3 calls to that one, 0 to the other".to_owned())
}
