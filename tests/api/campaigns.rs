//! Campaigns over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, Person};

/// A draft for the team of the rig's own organisation, or of whoever asks.
async fn draft(desk: &Desk, person: &Person<'_>) -> Value {
    let tenant = person.tenant.parse().unwrap();
    let group = desk.rig.engine.add_group(tenant, "Sales").await.unwrap();
    json!({ "name": "Autumn", "group_id": group, "calling_window": { "time_zone": "America/New_York" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_made_read_changed_and_removed() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let made = ana.post("/api/campaigns", draft(&desk, &ana).await).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!((made.header("etag"), &made.body["status"]), ("\"1\"", &json!("draft")));
    assert_eq!(made.body["calling_window"]["days"], json!(["mon", "tue", "wed", "thu", "fri"]));
    assert_eq!(made.body["cadence"]["max_attempts"], 3);
    let path = made.header("location").to_owned();
    assert_eq!(ana.get(&path).await.body, made.body);

    let change = json!({ "name": "Winter", "conduct": { "ring_timeout_s": 20 }, "cadence": { "max_attempts": 5 },
                         "calling_window": { "closes": "20:00" } });
    let changed = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(change.clone())).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.body);
    assert_eq!(changed.body["name"], "Winter");
    assert_eq!(changed.body["group_id"], made.body["group_id"], "what is left out stays");
    for (part, field, value) in [
        ("conduct", "ring_timeout_s", json!(20)),
        ("cadence", "max_attempts", json!(5)),
        ("calling_window", "closes", json!("20:00")),
    ] {
        let mut expected = made.body[part].clone();
        expected[field] = value;
        assert_eq!(changed.body[part], expected, "within a part, too");
    }
    let told = ana.get("/api/events?types=campaign.updated&wait_s=20").await;
    assert_eq!(told.body["data"][0]["data"], json!({ "campaign_id": made.text("id") }), "{}", told.body);
    let late = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(change)).await;
    assert_eq!(late.refusal(), (412, "changed".to_owned()));

    let lead = json!({ "campaign_id": made.text("id"), "phone": "+14155550123" });
    assert_eq!(ana.post("/api/leads", lead).await.status, 201);
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), (404, "not_found".to_owned()));
    let told = ana.get("/api/events?types=leads.deleted&wait_s=20").await;
    let event = json!({ "campaign_id": made.text("id"), "leads": 1, "lead_id": null });
    assert_eq!(told.body["data"][0]["data"], event, "{}", told.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_begins_with_the_documented_defaults() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let made = ana.post("/api/campaigns", draft(&desk, &ana).await).await.body;
    let value = |path: &str| made.pointer(path).cloned().unwrap_or_else(|| panic!("{path} in {made}"));
    for (path, expected) in [
        ("/default_country", json!("US")),
        ("/max_concurrent_calls", json!(10)),
        ("/calling_window/opens", json!("09:00")),
        ("/calling_window/closes", json!("17:00")),
        ("/calling_window/days", json!(["mon", "tue", "wed", "thu", "fri"])),
        ("/cadence/max_attempts", json!(3)),
        ("/cadence/retry_delay_min", json!(60)),
        ("/conduct/ring_timeout_s", json!(30)),
        ("/conduct/amd_timeout_s", json!(30)),
        ("/conduct/record", json!(true)),
        ("/conduct/on_machine/action", json!("leave_message")),
    ] {
        assert_eq!(value(path), expected, "{path}");
    }
    let retried = value("/cadence/retry_on");
    let retried: Vec<&str> = retried.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(retried.contains(&"busy") && retried.contains(&"no_answer"), "{retried:?}");
    assert!(!retried.contains(&"voicemail"), "{retried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_goes_its_way() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let path = ana.post("/api/campaigns", draft(&desk, &ana).await).await.header("location").to_owned();
    for (verb, status) in [
        ("start", "active"),
        ("start", "active"),
        ("pause", "paused"),
        ("resume", "active"),
        ("stop", "stopped"),
    ] {
        let moved = ana.post(&format!("{path}/{verb}"), json!({})).await;
        assert_eq!((moved.status.as_u16(), &moved.body["status"]), (200, &json!(status)), "{verb}");
    }
    let refused = ana.post(&format!("{path}/start"), json!({})).await;
    assert_eq!(refused.refusal(), (409, "refused".to_owned()));
    assert_eq!(ana.put(&path, json!({ "name": "x" })).await.refusal(), (409, "refused".to_owned()));
    let copy = ana.post(&format!("{path}/clone"), json!({})).await;
    assert_eq!((&copy.body["name"], &copy.body["status"]), (&json!("Autumn (copy)"), &json!("draft")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_key_is_carried_out_once() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let draft = draft(&desk, &ana).await;
    for none in ["", "a b", "a\tb", &"x".repeat(256)] {
        let key = [("idempotency-key", none)];
        let refused = ana.send(Method::POST, "/api/campaigns", &key, Some(draft.clone())).await;
        assert_eq!(refused.refusal(), (400, "invalid_idempotency_key".to_owned()), "{none:?}");
    }
    let key = [("idempotency-key", "one")];
    let wrong = ana.send(Method::POST, "/api/campaigns", &key, Some(json!({ "name": "" }))).await;
    assert_eq!(wrong.status, 422, "it may be mended and sent again");
    let first = ana.send(Method::POST, "/api/campaigns", &key, Some(draft.clone())).await;
    let second = ana.send(Method::POST, "/api/campaigns", &key, Some(draft.clone())).await;
    assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), ("", "true"));
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    assert_eq!(second.header("location"), first.header("location"));
    let other = ana.send(Method::POST, "/api/campaigns", &key, Some(json!({ "name": "other" }))).await;
    assert_eq!(other.refusal(), (422, "idempotency_key_reused".to_owned()));
    assert_eq!(ana.get("/api/campaigns").await.body["data"].as_array().unwrap().len(), 1);

    // The answer was lost with its process: carried out again, it makes the same campaign.
    let forget = "update idempotent_requests set status = null, started_at = now() - interval '2 minutes'";
    sqlx::query(forget).execute(&desk.rig.database).await.unwrap();
    let third = ana.send(Method::POST, "/api/campaigns", &key, Some(draft)).await;
    assert_eq!((third.header("idempotent-replayed"), &third.body["id"]), ("", &first.body["id"]));
    assert_eq!(ana.get("/api/campaigns").await.body["data"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_page_by_page_in_any_order() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let mut draft = draft(&desk, &ana).await;
    for name in ["delta", "Alpha", "charlie", "Bravo", "echo"] {
        draft["name"] = json!(name);
        assert_eq!(ana.post("/api/campaigns", draft.clone()).await.status, 201);
    }
    for (sort, expected) in [
        ("", "echo Bravo charlie Alpha delta"),
        ("&sort=created_at", "delta Alpha charlie Bravo echo"),
        ("&sort=name", "Alpha Bravo charlie delta echo"),
        ("&sort=-name", "echo delta charlie Bravo Alpha"),
    ] {
        let mut names = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = ana.get(&format!("/api/campaigns?limit=2{sort}{cursor}")).await;
            assert_eq!(page.status, 200, "{}", page.body);
            names.extend(page.body["data"].as_array().unwrap().iter().map(|row| row["name"].clone()));
            let Some(next) = page.body["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let names: Vec<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(names.join(" "), expected, "{sort}");
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("sort=age", "sort"),
        ("page=2", "page"),
    ] {
        let reply = ana.get(&format!("/api/campaigns?{query}")).await;
        assert_eq!(reply.wrong(), (422, "invalid_query".to_owned(), field.to_owned()), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_campaign_is_named() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let good = draft(&desk, &ana).await;
    for (field, value, named) in [
        ("name", json!(""), "name"),
        ("name", json!(7), "name"),
        ("group_id", json!("grp_x"), "group_id"),
        ("caller_id", json!("555"), "caller_id"),
        ("default_country", json!("usa"), "default_country"),
        ("calling_window", json!({ "time_zone": "Mars/Olympus" }), "calling_window.time_zone"),
        ("conduct", json!({ "ring_timeout_s": 3 }), "conduct.ring_timeout_s"),
        ("conduct", json!({ "ring": 3 }), "conduct.ring"),
        ("cadence", json!({ "max_attempts": 0 }), "cadence.max_attempts"),
        ("max_concurrent_calls", json!(0), "max_concurrent_calls"),
        ("colour", json!("red"), "colour"),
    ] {
        let mut draft = good.clone();
        draft[field] = value;
        let reply = ana.post("/api/campaigns", draft).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), named.to_owned()), "{}", reply.body);
    }
    let mut draft = good;
    draft["group_id"] = json!("grp_0193642f2b0a7c10a3f4c0ffee000001");
    assert_eq!(ana.post("/api/campaigns", draft).await.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_shows_one_number_or_a_pool() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let mut draft = draft(&desk, &ana).await;
    draft.as_object_mut().unwrap().remove("caller_id");
    let pool = json!(["+12125550100", "+14155550100"]);
    draft["caller_ids"] = pool.clone();
    draft["local_presence"] = json!(true);
    let made = ana.post("/api/campaigns", draft).await;
    let shows = |reply: &crate::desk::Reply| {
        ["caller_id", "caller_ids", "local_presence"].map(|field| reply.body[field].clone())
    };
    assert_eq!(shows(&made), [json!("+12125550100"), pool, json!(true)]);
    let path = made.header("location").to_owned();
    let one = ana.put(&path, json!({ "caller_id": "+14155550100" })).await;
    assert_eq!(shows(&one), [json!("+14155550100"), json!(["+14155550100"]), json!(true)], "a pool of one");
    assert_eq!(shows(&ana.get(&path).await), shows(&one));
    for (change, field) in [
        (json!({ "caller_ids": [] }), "caller_ids"),
        (json!({ "caller_ids": ["+14155550100", "555"] }), "caller_ids"),
        (json!({ "caller_ids": ["+14155550100", "+1 415 555 0100"] }), "caller_ids"),
        (json!({ "caller_ids": ["+14155550100"], "caller_id": "+14155550100" }), "caller_ids"),
    ] {
        let wrong = ana.put(&path, change).await.wrong();
        assert_eq!(wrong, (422, "invalid_field".to_owned(), field.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_finds_nothing() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bob = desk.register("Other").await;
    let path = ana.post("/api/campaigns", draft(&desk, &ana).await).await.header("location").to_owned();
    assert_eq!(bob.get(&path).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(bob.put(&path, json!({ "name": "mine" })).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(bob.post(&format!("{path}/start"), json!({})).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(bob.get("/api/campaigns").await.body["data"], json!([]));
    assert_eq!(ana.get(&path).await.body["status"], "draft");
}
