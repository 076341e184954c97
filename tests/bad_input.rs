//! Requests that are no webhooks of ours: each is refused in words, and nothing happens to any call.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use reqwest::Method;
use support::wire::{Inbound, Reply, voice_url};
use support::{ACCOUNT, Rig, Spec, TOKEN, phone, scripts};
use warmline_simulator::CallRecord;
use warmline_twilio::signature;
use warmline_workflows::campaign::Status;

/// A refusal: its status, and the code in its document.
type Refused = (u16, &'static str);

/// A call that rings for as long as the test likes.
async fn ringing() -> (Rig, CallRecord) {
    let dana = phone(0);
    let spec = Spec { factor: 1.0, scripts: scripts([(&*dana, r#"{"is":"no_answer"}"#)]), ..Spec::default() };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.until_record(&dana, "rings and has said so", |leg| leg.ringing.is_some() && leg.delivered == 2).await;
    let leg = rig.record(&dana);
    (rig, leg)
}

/// Everything that an attacker could wish to change, as text.
async fn stored(rig: &Rig) -> String {
    let query = "select (select json_agg(c order by c.id) from calls c)::text
                     || (select json_agg(j order by j.call_id, j.version) from journal j)::text
                     || coalesce((select json_agg(o) from outbox o)::text, '')
                     || (select json_agg(l order by l.id) from leads l)::text";
    sqlx::query_scalar(query).fetch_one(&rig.database).await.unwrap()
}

/// Asserts that a reply is a problem document with this status and code.
#[track_caller]
fn assert_refused(reply: &Reply, expected: Refused, what: &str) {
    assert_eq!(reply.content_type, "application/problem+json", "{what}: {reply:?}");
    let problem: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    let code = problem["code"].as_str().unwrap();
    assert_eq!((reply.status, code), expected, "{what}: {reply:?}");
    assert_eq!(problem["status"], reply.status, "{what}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{what}: {problem}");
    assert!(!reply.body.contains(TOKEN), "{what} gives the key away");
}
