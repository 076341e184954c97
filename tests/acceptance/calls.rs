//! How calls end: each with its result, and as the carrier's ledger has it.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use warmline_engine::leads::NewLead;
use warmline_simulator::{AnsweredBy, CallRecord, Status};

use crate::cast::{agent, lead};
use crate::report::Measured;
use crate::stage::{Campaign, Stage};
use crate::support::{self, seconds};

/// Longer than any of these campaigns takes.
const SOON: Duration = Duration::from_secs(60);

/// The most that may pass from the answer to an agent's voice.
pub(crate) const BRIDGED_WITHIN_S: f64 = 15.0;

pub(crate) async fn human(stage: &Stage) -> Measured {
    let (dana, sam) = (lead(1, 0), agent(1, 0));
    let campaign = Campaign::open(stage, "Human", std::slice::from_ref(&sam), json!({})).await;
    campaign.call(std::slice::from_ref(&dana)).await;
    let rig = stage.rig();
    rig.until_state(&dana, "agent_whisper").await;
    rig.until_record(&sam, "listens", |leg| leg.answered.is_some()).await;
    let whisper = rig.document(&rig.record(&sam)).await;
    assert!(whisper.contains("Connecting you with Dana Lane"), "the whisper was {whisper}");
    campaign.finished(SOON).await;

    let (dana_leg, sam_leg) = (rig.record(&dana), rig.record(&sam));
    assert_eq!(dana_leg.answered_by, Some(AnsweredBy::Human));
    assert_eq!(sam_leg.keys, "1", "the agent accepted after the whisper");
    let rooms = |leg: &CallRecord| leg.stays.iter().map(|stay| stay.conference.clone()).collect::<Vec<_>>();
    assert_eq!(rooms(&dana_leg), rooms(&sam_leg), "both were in one conference, once");
    let answered = dana_leg.answered.unwrap().at;
    let waits_s = seconds(answered, dana_leg.stays[0].joined.at);
    let bridged_s = seconds(answered, dana_leg.bridged.unwrap().at);
    assert!(bridged_s < BRIDGED_WITHIN_S, "bridged {bridged_s:.1} s after the answer");
    assert_eq!(campaign.dispositions(&dana).await, ["answered"]);
    let call = &campaign.calls().await[0];
    let told_s = seconds(time(&call["answered_at"]), time(&call["bridged_at"]));
    assert!(told_s < BRIDGED_WITHIN_S, "the API says {told_s:.1} s");
    Ok(format!("human; in the conference after {waits_s:.1} s, bridged after {bridged_s:.1} s; answered"))
}

pub(crate) async fn voicemail(stage: &Stage) -> Measured {
    let dana = lead(2, 0);
    let text = "Hello, sorry we missed you. ".repeat(10);
    let message = json!({ "action": "leave_message", "text": text });
    let terms = json!({ "conduct": { "on_machine": message } });
    let campaign = Campaign::open(stage, "Machine", &[agent(2, 0)], terms).await;
    campaign.call(std::slice::from_ref(&dana)).await;
    let rig = stage.rig();
    rig.until_state(&dana, "voicemail").await;
    let document = rig.document(&rig.record(&dana)).await;
    assert!(document.contains("<Say>Hello, sorry we missed you."), "it said {document}");
    campaign.finished(SOON).await;

    let leg = rig.record(&dana);
    assert_eq!((leg.answered_by, leg.stays.len()), (Some(AnsweredBy::MachineEndBeep), 0));
    let tone_s = f64::from(leg.detection_ms.unwrap()) / 1000.0;
    let message_s = seconds(leg.answered.unwrap().at, leg.ended.unwrap().at) - tone_s;
    assert!(message_s > MESSAGE_MIN_S, "hung up {message_s:.1} s into the message");
    assert!(rig.records(&agent(2, 0)).is_empty(), "no agent was troubled");
    assert_eq!(campaign.dispositions(&dana).await, ["voicemail"]);
    Ok(format!("machine; tone after {tone_s:.1} s, then the message, {message_s:.0} s to its end; voicemail"))
}

/// What it takes to say the message.
const MESSAGE_MIN_S: f64 = 18.0;
/// How long the telephone of a lead rings.
const RING_TIMEOUT_S: f64 = 30.0;
/// How long a carrier may let it ring beyond that.
const RING_TOLERANCE_S: f64 = 5.0;
/// From a call that did not get through to the next.
const RETRY_DELAY_S: f64 = 60.0;
/// How late the next may be, at the pace of the stage.
const RETRY_TOLERANCE_S: f64 = 30.0;

pub(crate) async fn no_answer(stage: &Stage) -> Measured {
    let dana = lead(3, 0);
    let terms = json!({ "cadence": { "max_attempts": 2, "retry_delay_min": 1 } });
    let campaign = Campaign::open(stage, "Nobody", &[agent(3, 0)], terms).await;
    campaign.call(std::slice::from_ref(&dana)).await;
    let rig = stage.rig();
    rig.until_record(&dana, "has rung", |leg| leg.ended.is_some()).await;
    let is_due = async || campaign.lead(&dana).await["next_call_at"].is_string();
    support::until("the next call is scheduled", SOON, is_due).await;
    let (due, calls) = (time(&campaign.lead(&dana).await["next_call_at"]), campaign.calls().await);
    let delay_s = seconds(time(&calls[0]["closed_at"]), due);
    assert!((delay_s - RETRY_DELAY_S).abs() < 0.01, "scheduled {delay_s} s later");
    campaign.finished(SOON).await;

    let legs = rig.records(&dana);
    assert_eq!(legs.len(), 2, "called twice");
    let rang_s = seconds(legs[0].ringing.unwrap().at, legs[0].ended.unwrap().at);
    assert!((RING_TIMEOUT_S..RING_TIMEOUT_S + RING_TOLERANCE_S).contains(&rang_s), "rang for {rang_s:.1} s");
    let late_s = seconds(due, legs[1].created.at);
    assert!((0.0..RETRY_TOLERANCE_S).contains(&late_s), "called again {late_s:.1} s late");
    assert_eq!(campaign.dispositions(&dana).await, ["no_answer"; 2]);
    Ok(format!(
        "rang {rang_s:.1} s; no_answer; due again {delay_s:.0} s later, as set, and called {late_s:.1} s after that"
    ))
}

pub(crate) async fn busy(stage: &Stage) -> Measured {
    let dana = lead(4, 0);
    let campaign = Campaign::open(stage, "Busy", &[agent(4, 0)], json!({})).await;
    campaign.call(std::slice::from_ref(&dana)).await;
    campaign.finished(SOON).await;
    let leg = stage.rig().record(&dana);
    assert_eq!(leg.status, Status::Busy);
    let told_s = seconds(leg.initiated.unwrap().at, leg.ended.unwrap().at);
    assert!(told_s < 5.0, "told after {told_s:.1} s");
    let call = &campaign.calls().await[0];
    let noted_s = seconds(leg.ended.unwrap().at, time(&call["closed_at"]));
    assert!(noted_s < 5.0, "noted after {noted_s:.1} s");
    assert_eq!(campaign.dispositions(&dana).await, ["busy"]);
    Ok(format!("told by the carrier {told_s:.1} s after dialing, noted {noted_s:.1} s later; busy"))
}

pub(crate) async fn failed(stage: &Stage) -> Measured {
    let (dead, refused) = (lead(5, 0), "+15005550001".to_owned());
    let campaign = Campaign::open(stage, "Dead", &[agent(5, 0), agent(5, 1)], json!({})).await;
    let import = campaign.upload("first_name,phone\r\nNobody,12\r\n").await;
    assert_eq!(import["counts"]["invalid"], 1, "{import}");
    // One that no list would bring in, and that the carrier knows for wrong.
    let wrong = NewLead { phone: refused.clone(), ..support::lead(&lead(5, 1)) };
    let rig = stage.rig();
    rig.store(campaign.id.parse().unwrap(), &[wrong]).await;
    campaign.call(std::slice::from_ref(&dead)).await;
    campaign.finished(SOON).await;
    let leg = rig.record(&dead);
    assert_eq!((leg.status, leg.ringing), (Status::Failed, None));
    assert_eq!(campaign.dispositions(&dead).await, ["failed"]);
    assert!(rig.records(&refused).is_empty(), "it was no call at all");
    assert_eq!(campaign.dispositions(&refused).await, ["invalid_number"]);
    assert_eq!(campaign.lead(&refused).await["status"], "invalid");
    Ok("a dead number: failed; one that the carrier refuses: invalid_number, never again; one of a list: not taken"
        .to_owned())
}

/// A time in an answer of the API.
#[track_caller]
fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("{value} is no time")).parse().unwrap()
}
