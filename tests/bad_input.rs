//! Requests that are no webhooks of ours: each is refused in words, and nothing happens to any call.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::time::Duration;

use reqwest::Method;
use support::wire::{Inbound, Reply, voice_url};
use support::{ACCOUNT, Rig, Spec, TOKEN, phone, scripts, until};
use warmline_simulator::CallRecord;
use warmline_twilio::dialect::Signature;
use warmline_twilio::signature;

/// A refusal: its status, and the code in its document.
type Refused = (u16, &'static str);

/// A call that rings for as long as the test likes.
async fn ringing() -> (Rig, CallRecord) {
    let dana = phone(0);
    let spec = Spec { factor: 1.0, scripts: scripts([(&*dana, r#"{"is":"no_answer"}"#)]), ..Spec::default() };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.until_record(&dana, "rings and has said so", |leg| leg.ringing.is_some() && leg.delivered == 2).await;
    until("the placement is settled", Duration::from_secs(5), async || {
        rig.count("select count(*) from outbox").await == 0
    })
    .await;
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

/// The status callback that would end the call, if it were believed.
const ENDED: [(&str, &str); 3] =
    [("AccountSid", ACCOUNT), ("CallStatus", "completed"), ("CallDuration", "7")];

/// The fields of that callback, for a leg.
fn ended(leg: &CallRecord) -> Vec<(&str, &str)> {
    [("CallSid", leg.sid.as_str())].into_iter().chain(ENDED).collect()
}

fn url_of(leg: &CallRecord, hook: &str) -> String {
    voice_url(leg).replace("/twilio/answer?", &format!("/twilio/{hook}?"))
}

/// The value of a parameter in a leg's URLs.
fn parameter(leg: &CallRecord, name: &str) -> String {
    let (_, after) =
        voice_url(leg).split_once(&format!("{name}=")).map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    after.split('&').next().unwrap().to_owned()
}

/// Raw bytes as a body, signed over what a lenient reader would make of them.
fn raw(url: &str, body: &[u8]) -> Inbound {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    Inbound {
        method: Method::POST,
        url: url.to_owned(),
        body: body.to_vec(),
        signer: Signature::Twilio,
        signature: Some(signature::sign(TOKEN, url, &fields)),
        token: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_webhook_of_ours_is_refused_in_words_and_changes_nothing() {
    let (rig, leg) = ringing().await;
    let before = stored(&rig).await;
    let status = url_of(&leg, "status");
    let fields = ended(&leg);
    let honest = Inbound::signed(&status, &fields);
    let signed_as = |signature: &str| Inbound { signature: Some(signature.to_owned()), ..honest.clone() };
    let with_body = |body: &[u8]| Inbound { body: body.to_vec(), ..honest.clone() };
    let at = |url: &str| Inbound::signed(url, &fields);
    let swap = |name: &str, value: &str| {
        at(&status.replace(&format!("{name}={}", parameter(&leg, name)), &format!("{name}={value}")))
    };
    let but = |name: &str, value: &str| {
        let changed = fields.iter().map(|(key, old)| (*key, if *key == name { value } else { *old }));
        Inbound::signed(&status, &changed.collect::<Vec<_>>())
    };
    let without = |name: &str| {
        Inbound::signed(&status, &fields.iter().copied().filter(|(key, _)| *key != name).collect::<Vec<_>>())
    };
    let as_method = |method: Method| Inbound { method, ..honest.clone() };
    let text = String::from_utf8(honest.body.clone()).unwrap();
    let nobody = "call_00000000000070008000000000000009";
    let elsewhere = "tnt_00000000000070008000000000000009";
    let long = "a".repeat(129);
    let many = "a=1&".repeat(201);
    let megabyte = vec![b'a'; 1 << 20];

    let rows: Vec<(&str, Inbound, Refused)> = vec![
        ("unsigned", Inbound { signature: None, ..honest.clone() }, (403, "unsigned")),
        ("signed with nothing", signed_as(""), (403, "wrong_signature")),
        ("signed with no base64", signed_as("%%%%"), (403, "wrong_signature")),
        ("signed with too little", signed_as("AAAA"), (403, "wrong_signature")),
        (
            "signed with another key",
            signed_as(&signature::sign("other", &status, &pairs(&fields))),
            (403, "wrong_signature"),
        ),
        (
            "signed for another address",
            signed_as(&signature::sign(TOKEN, &url_of(&leg, "amd"), &pairs(&fields))),
            (403, "wrong_signature"),
        ),
        (
            "signed without its body",
            signed_as(&signature::sign(TOKEN, &status, &[])),
            (403, "wrong_signature"),
        ),
        (
            "changed on its way",
            with_body(text.replace("completed", "canceled").as_bytes()),
            (403, "wrong_signature"),
        ),
        ("truncated", with_body(&honest.body[..honest.body.len() - 9]), (403, "wrong_signature")),
        ("emptied", with_body(b""), (403, "wrong_signature")),
        ("longer", with_body(format!("{text}&CallStatus=busy").as_bytes()), (403, "wrong_signature")),
        ("unsigned GET", Inbound { signature: None, ..as_method(Method::GET) }, (403, "unsigned")),
        ("GET signed as POST", as_method(Method::GET), (403, "wrong_signature")),
        ("PUT", as_method(Method::PUT), (405, "wrong_method")),
        ("DELETE", as_method(Method::DELETE), (405, "wrong_method")),
        ("PATCH", as_method(Method::PATCH), (405, "wrong_method")),
        ("unknown hook", at(&url_of(&leg, "refund")), (404, "unknown_webhook")),
        ("unknown path", at(&status.replace("/twilio/", "/other/")), (404, "unknown_path")),
        ("megabyte", with_body(&megabyte), (413, "body")),
        ("a byte too long", with_body(&megabyte[..64 * 1024 + 1]), (413, "body")),
        ("not UTF-8", raw(&status, b"CallSid=\xff\xfe&CallStatus=completed"), (400, "malformed_form")),
        ("not UTF-8 in escapes", raw(&status, b"CallSid=%C3%28"), (400, "malformed_form")),
        ("broken escape", raw(&status, b"CallSid=%4"), (400, "malformed_form")),
        ("too many fields", raw(&status, many.as_bytes()), (400, "malformed_form")),
        ("empty", raw(&status, b""), (400, "malformed_webhook")),
        ("JSON", raw(&status, br#"{"CallStatus":"completed"}"#), (400, "malformed_webhook")),
        ("XML", raw(&status, b"<Response><Hangup/></Response>"), (400, "malformed_webhook")),
        ("zeros", raw(&status, &[0; 512]), (400, "malformed_webhook")),
        ("no leg named", without("CallSid"), (400, "malformed_webhook")),
        ("no account named", without("AccountSid"), (400, "malformed_webhook")),
        ("no status", without("CallStatus"), (400, "malformed_webhook")),
        ("a status that is none", but("CallStatus", "exploded"), (400, "malformed_webhook")),
        ("an id too long", but("CallSid", &long), (400, "malformed_webhook")),
        ("an id with a line break", but("CallSid", "CA1\r\nX: y"), (400, "malformed_webhook")),
        ("two legs", raw(&status, format!("{text}&CallSid=CA2").as_bytes()), (400, "malformed_webhook")),
        ("another account", but("AccountSid", "AC00000000000000000000000000000002"), (403, "other_account")),
        (
            "no call in the address",
            at(&format!("{}/webhooks/twilio/status", base(&rig))),
            (400, "malformed_webhook"),
        ),
        ("a call id that is none", swap("call", "call_1%27--"), (400, "malformed_webhook")),
        (
            "a lead's id for a call's",
            swap("call", "lead_00000000000070008000000000000009"),
            (400, "malformed_webhook"),
        ),
        ("two calls in the address", at(&format!("{status}&call={nobody}")), (400, "malformed_webhook")),
        ("a leg that is none", swap("leg", "agent-0"), (400, "malformed_webhook")),
        ("unknown call", swap("call", nobody), (404, "unknown_call")),
        ("unknown tenant", swap("tenant", elsewhere), (404, "unknown_call")),
        ("wrong token", swap("token", "0123456789abcdef"), (403, "wrong_token")),
        ("empty token", swap("token", ""), (400, "malformed_webhook")),
    ];
    for (what, inbound, expected) in rows {
        let reply = inbound.send().await;
        assert_refused(&reply, expected, what);
        assert_eq!(stored(&rig).await, before, "{what} changed something");
    }
    assert_eq!(Inbound::get(&format!("{}/livez", base(&rig))).await.status, 200);

    // Believed at last: the same webhook, honestly signed.
    assert_eq!(honest.send().await.status, 204);
    rig.until_state(&leg.order.to, "dispositioned").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_replayed_happens_once() {
    let (rig, leg) = ringing().await;
    let status = url_of(&leg, "status");
    let fields = [("CallSid", leg.sid.as_str()), ("AccountSid", ACCOUNT), ("CallStatus", "in-progress")];
    let answered = Inbound::signed(&status, &fields).with_token("first");
    assert_eq!(answered.send().await.status, 204);
    rig.until_state(&leg.order.to, "amd").await;
    let before = stored(&rig).await;
    for _ in 0..3 {
        assert_eq!(answered.send().await.status, 204);
    }
    assert_eq!(stored(&rig).await, before, "recognised by its token");
    // The token is not signed: one who replays may leave it out, or make one up. The call remembers that
    // somebody asked, and stays where it is.
    let lines = rig.journaled(None).await;
    let tokens = [None, Some("second".to_owned()), Some("not a token".to_owned()), Some("x".repeat(4000))];
    for token in tokens {
        let replay = Inbound { token, ..answered.clone() };
        assert_eq!(replay.send().await.status, 204);
    }
    let news = rig
        .count("select count(*) from journal where ignored is null and event ->> 'event' = 'leg_answered'")
        .await;
    assert_eq!((news, rig.state(&leg.order.to).await.as_deref()), (1, Some("amd")));
    let added = rig.journaled(None).await - lines;
    assert!((1..=3).contains(&added), "{added} lines, all of them ignored");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fallback_always_has_a_document_for_the_carrier_and_for_nobody_else() {
    let (rig, leg) = ringing().await;
    let before = stored(&rig).await;
    let url = url_of(&leg, "fallback");
    let fields = [
        ("CallSid", leg.sid.as_str()),
        ("AccountSid", ACCOUNT),
        ("CallStatus", "in-progress"),
        ("ErrorCode", "11200"),
    ];
    let swap = |name: &str, value: &str| {
        url.replace(&format!("{name}={}", parameter(&leg, name)), &format!("{name}={value}"))
    };
    let rows = [
        ("an unknown call", Inbound::signed(&swap("call", "call_00000000000070008000000000000009"), &fields)),
        ("a wrong token", Inbound::signed(&swap("token", "0123456789abcdef"), &fields)),
        ("a mangled address", Inbound::signed(&swap("leg", "nobody"), &fields)),
        ("no call at all", Inbound::signed(&format!("{}/webhooks/twilio/fallback", base(&rig)), &fields)),
        ("another account", Inbound::signed(&url, &[("CallSid", &leg.sid), ("AccountSid", "AC2")])),
        ("no fields", Inbound::signed(&url, &[])),
    ];
    for (what, inbound) in rows {
        let reply = inbound.send().await;
        let is_document = reply.body.contains("<Say>We are sorry") && reply.body.contains("<Hangup/>");
        let head = (reply.status, reply.content_type.as_str());
        assert!(is_document && head == (200, "text/xml; charset=utf-8"), "{what}: {reply:?}");
        let forged = Inbound { signature: Some("AAAA".to_owned()), ..inbound };
        assert_refused(&forged.send().await, (403, "wrong_signature"), what);
    }
    assert_refused(&raw(&url, b"CallSid=%4").send().await, (400, "malformed_form"), "a broken form");
    assert_eq!(stored(&rig).await, before);
    // For a call that is all right it says what the call's own document says.
    let reply = Inbound::signed(&url, &fields).send().await;
    assert!(
        reply.status == 200 && reply.body.contains("<Pause") && reply.body.contains("<Redirect"),
        "{reply:?}"
    );
    rig.until_state(&leg.order.to, "amd").await;
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn base(rig: &Rig) -> String {
    rig.setup.public_base.as_str().trim_end_matches('/').to_owned()
}
