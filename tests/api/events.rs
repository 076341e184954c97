//! Events and webhook endpoints over HTTP.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use warmline_workflows::campaign::Status;

use crate::desk::{Desk, Person};

/// A campaign of whoever asks, and the path of its moves.
async fn campaign(desk: &Desk, person: &Person<'_>) -> String {
    let group = desk.rig.engine.add_group(person.tenant.parse().unwrap(), "Sales").await.unwrap();
    let draft =
        json!({ "name": "Autumn", "group_id": group, "calling_window": { "time_zone": "America/New_York" } });
    person.post("/api/campaigns", draft).await.header("location").to_owned()
}

fn types(body: &Value) -> Vec<String> {
    body["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_read_after_a_cursor_and_waited_for() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bob = desk.register("Other").await;
    let path = campaign(&desk, &ana).await;
    let id = path.rsplit('/').next().unwrap();
    let start = ana.get("/api/events?cursor=now").await;
    assert_eq!((start.status.as_u16(), &start.body["data"]), (200, &json!([])));
    let cursor = start.text("next");
    ana.post(&format!("{path}/start"), json!({})).await;
    let page = ana.get(&format!("/api/events?cursor={cursor}&limit=1&wait_s=10")).await;
    assert_eq!(types(&page.body), ["campaign.started"]);
    assert_eq!(page.body["data"][0]["data"], json!({ "campaign_id": id, "status": "active" }));
    let waiting = ana.get(&format!("/api/events?cursor={}&wait_s=1", page.text("next"))).await;
    assert_eq!(types(&waiting.body), Vec::<String>::new(), "nothing happened");
    // Somebody who waits is answered as soon as something happens.
    let began = Instant::now();
    let path_of_wait = format!("/api/events?cursor={}&wait_s=20", waiting.text("next"));
    let (told, ()) = tokio::join!(ana.get(&path_of_wait), async {
        let tenant = ana.tenant.parse().unwrap();
        let now = desk.rig.now();
        desk.rig.engine.set_campaign_status(tenant, id.parse().unwrap(), Status::Paused, now).await.unwrap();
    });
    assert_eq!(types(&told.body), ["campaign.paused"]);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    let only = ana.get("/api/events?types=campaign.paused,dnc.listed").await;
    assert_eq!(types(&only.body), ["campaign.paused"]);
    assert_eq!(types(&bob.get("/api/events").await.body), Vec::<String>::new());

    for (query, field) in [
        ("cursor=x", "cursor"),
        ("types=call.opened,weather", "types"),
        ("wait_s=21", "wait_s"),
        ("limit=0", "limit"),
        ("page=2", "page"),
    ] {
        let reply = ana.get(&format!("/api/events?{query}")).await;
        assert_eq!(reply.wrong(), (422, "invalid_query".to_owned(), field.to_owned()), "{query}");
    }
    let expired = ana.get("/api/events?cursor=1.1.1").await;
    assert_eq!(expired.refusal(), (410, "cursor_expired".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_made_changed_tested_and_removed() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bob = desk.register("Other").await;
    let draft = json!({ "url": "https://crm.example.com/warmline", "types": ["campaign.started"] });
    let key = [("idempotency-key", "one")];
    let made = ana.send(Method::POST, "/api/webhook-endpoints", &key, Some(draft.clone())).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""), "{}", made.body);
    assert!(!made.body.to_string().contains("whsec_"));
    let again = ana.send(Method::POST, "/api/webhook-endpoints", &key, Some(draft)).await;
    assert_eq!(again.body, made.body);
    let path = made.header("location").to_owned();
    assert_eq!(ana.get(&path).await.body, made.body);
    assert_eq!(ana.get("/api/webhook-endpoints").await.body["data"], json!([made.body]));
    let secret = ana.get(&format!("{path}/secret")).await.text("secret");
    assert!(secret.starts_with("whsec_"));
    let rotated = ana.post(&format!("{path}/rotate-secret"), json!({})).await;
    assert_eq!((rotated.status.as_u16(), rotated.header("etag")), (200, "\"2\""));
    assert_ne!(ana.get(&format!("{path}/secret")).await.text("secret"), secret);

    let off = json!({ "enabled": false, "description": "CRM" });
    let late = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(off.clone())).await;
    assert_eq!(late.refusal(), (412, "changed".to_owned()));
    let changed = ana.send(Method::PUT, &path, &[("if-match", "\"2\"")], Some(off)).await;
    assert_eq!((changed.status.as_u16(), &changed.body["enabled"]), (200, &json!(false)));
    let refused = ana.post(&format!("{path}/test"), json!({})).await;
    assert_eq!(refused.refusal(), (409, "refused".to_owned()));
    ana.put(&path, json!({ "enabled": true })).await;

    let tested = ana.post(&format!("{path}/test"), json!({})).await;
    assert_eq!(tested.status, 202, "{}", tested.body);
    let delivery = tested.text("delivery_id");
    let list = ana.get(&format!("{path}/deliveries?state=pending&limit=1")).await;
    let row = &list.body["data"][0];
    assert_eq!((&row["id"], &row["type"]), (&json!(delivery), &json!("endpoint.pinged")));
    assert_eq!(
        (&row["state"], &row["attempts"], &list.body["next"]),
        (&json!("pending"), &json!(0), &Value::Null)
    );
    let redeliver = format!("/api/webhook-deliveries/{delivery}/redeliver");
    assert_eq!(ana.post(&redeliver, json!({})).await.status, 202);

    for reply in [
        bob.get(&path).await,
        bob.get(&format!("{path}/secret")).await,
        bob.get(&format!("{path}/deliveries")).await,
        bob.put(&path, json!({ "enabled": false })).await,
        bob.post(&format!("{path}/rotate-secret"), json!({})).await,
        bob.post(&format!("{path}/test"), json!({})).await,
        bob.post(&redeliver, json!({})).await,
        bob.delete(&path).await,
    ] {
        assert_eq!(reply.refusal(), (404, "not_found".to_owned()));
    }
    assert_eq!(bob.get("/api/webhook-endpoints").await.body["data"], json!([]));
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_endpoint_is_named() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    for (field, value) in [
        ("url", json!("http://crm.example.com/")),
        ("url", json!("https://169.254.169.254/latest/meta-data/")),
        ("url", json!("https://2852039166/")),
        ("url", json!("https://crm.example.com:22/")),
        ("url", json!("https://user:word@crm.example.com/")),
        ("url", json!("nowhere")),
        ("url", json!(7)),
        ("description", json!("a".repeat(501))),
        ("types", json!("call.opened")),
        ("secret", json!("whsec_mine")),
    ] {
        let mut draft = json!({ "url": "https://crm.example.com/warmline" });
        draft[field] = value;
        let reply = ana.post("/api/webhook-endpoints", draft).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), field.to_owned()), "{}", reply.body);
    }
    for _ in 0..20 {
        let made = ana.post("/api/webhook-endpoints", json!({ "url": "https://crm.example.com/" })).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let full = ana.post("/api/webhook-endpoints", json!({ "url": "https://crm.example.com/" })).await;
    assert_eq!(full.refusal(), (409, "refused".to_owned()));
}
