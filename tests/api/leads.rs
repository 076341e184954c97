//! Leads over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, Person};

/// A campaign in New York, as its id.
pub(crate) async fn campaign(desk: &Desk, person: &Person<'_>) -> Value {
    let tenant = person.tenant.parse().unwrap();
    let group = desk.rig.engine.add_group(tenant, "Sales").await.unwrap();
    let draft =
        json!({ "name": "Autumn", "group_id": group, "calling_window": { "time_zone": "America/New_York" } });
    person.post("/api/campaigns", draft).await.body["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_added_found_changed_and_removed() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let draft = json!({
        "campaign_id": campaign, "first_name": "Sara", "last_name": "Ahmed-Khan", "phone": "(212) 555-0123",
        "email": "Sara@Example.com", "type": "carrier", "priority": "high", "custom": { "mc": 4711 },
    });
    let added = ana.post("/api/leads", draft.clone()).await;
    assert_eq!(added.status, 201, "{}", added.body);
    assert_eq!(added.body["phone"], "+12125550123");
    assert_eq!(added.body["phone_original"], "(212) 555-0123");
    assert_eq!(added.body["time_zones"], json!(["America/New_York"]));
    assert_eq!((&added.body["status"], &added.body["custom"]["mc"]), (&json!("new"), &json!(4711)));
    let path = added.header("location").to_owned();
    assert_eq!(ana.get(&path).await.body, added.body);
    assert_eq!(ana.post("/api/leads", draft).await.wrong().1, "taken");

    for (query, found) in [
        ("search=sara", 1),
        ("search=SARA+ahmed", 1),
        ("search=sara@example.com", 1),
        ("search=sarah", 0),
        ("phone=%2B12125550123", 1),
        ("phone=+12125550123", 1),
        ("phone=%2B12125550124", 0),
        ("status=new", 1),
        ("status=reached", 0),
    ] {
        let page = ana.get(&format!("/api/leads?{query}")).await;
        assert_eq!(page.body["data"].as_array().map(Vec::len), Some(found), "{query}: {}", page.body);
    }

    let change = json!({ "last_name": "Malik", "phone": "+442079460123", "notes": "after lunch" });
    let changed = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!((&changed.body["country"], &changed.body["first_name"]), (&json!("GB"), &json!("Sara")));
    assert_eq!(ana.get("/api/leads?search=ahmed").await.body["data"], json!([]), "the old words are gone");
    assert_eq!(ana.get("/api/leads?search=malik").await.body["data"][0]["notes"], "after lunch");
    let late = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(json!({}))).await;
    assert_eq!(late.refusal(), (412, "changed".to_owned()));

    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.status, 404);
    assert_eq!(ana.get("/api/leads?search=malik").await.body["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_lead_is_named() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let good = json!({ "campaign_id": campaign, "phone": "+12125550123" });
    for (field, value, named) in [
        ("phone", json!("12"), "phone"),
        ("phone", json!(null), "phone"),
        ("country", json!("XX"), "phone"),
        ("email", json!("nobody"), "email"),
        ("priority", json!("vip"), "priority"),
        ("time_zone", json!("Mars/Olympus"), "time_zone"),
        ("custom", json!({ "a": [1] }), "custom.a"),
        ("first_name", json!("x".repeat(201)), "first_name"),
    ] {
        let mut draft = good.clone();
        draft[field] = value.clone();
        if field == "country" {
            draft["phone"] = json!("555");
        }
        let reply = ana.post("/api/leads", draft).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), named.to_owned()), "{field}: {value}");
    }
    let mut draft = good;
    draft["colour"] = json!("red");
    assert_eq!(ana.post("/api/leads", draft).await.wrong().2, "colour");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_explain_themselves() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    ana.put("/api/limits", json!({ "allowed_countries": ["US", "GB"] })).await;
    let campaign = campaign(&desk, &ana).await;
    let add = async |phone: &str| {
        let draft = json!({ "campaign_id": campaign, "phone": phone });
        ana.post("/api/leads", draft).await.header("location").to_owned()
    };
    let explain = async |lead: &str| ana.get(&format!("{lead}/explain")).await.body;
    let (new_york, london) = (add("+12125550123").await, add("+442079460123").await);
    assert_eq!(explain(&new_york).await["rule"], "campaign_draft");
    let path = format!("/api/campaigns/{}", campaign.as_str().unwrap());
    ana.post(&format!("{path}/start"), json!({})).await;
    // It is a Monday, ten o'clock in New York, and three in the afternoon in London.
    let allowed = explain(&new_york).await;
    assert_eq!((&allowed["permission"], &allowed["dials_now"]), (&json!("allow"), &json!(0)), "{allowed}");
    assert_eq!(explain(&london).await["permission"], "allow");

    let honolulu = add("+18085550123").await;
    let denied = explain(&honolulu).await;
    assert_eq!(
        (&denied["permission"], &denied["rule"]),
        (&json!("deny_until"), &json!("outside_legal_hours"))
    );
    assert!(
        denied["sentence"].as_str().unwrap().contains("Pacific/Honolulu") && denied["at"].is_string(),
        "{denied}"
    );

    let listed = ana.post("/api/dnc", json!({ "phone": "+12125550123" })).await;
    assert_eq!(listed.status, 201, "{}", listed.body);
    assert_eq!(explain(&new_york).await["rule"], "do_not_call");
    for written in ["+12125550123", "%2B12125550123", "(212)%20555-0123", "12125550123"] {
        let check = ana.get(&format!("/api/dnc/check?phone={written}")).await;
        assert_eq!(check.body["listed"], true, "{written}: {}", check.body);
        let found = ana.get(&format!("/api/leads?phone={written}")).await;
        assert_eq!(found.body["data"][0]["phone"], "+12125550123", "{written}: {}", found.body);
    }
    let country = ana.put(&new_york, json!({ "country": "GB" })).await;
    assert_eq!(country.wrong(), (422, "invalid_field".to_owned(), "country".to_owned()));

    let preview = ana.get(&format!("{path}/preview")).await;
    let counts = ["callable_now", "callable_later", "not_callable"].map(|name| preview.body[name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(1)], "{}", preview.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_numbers_is_kept() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bulk = json!({ "phones": ["+12125550101", "+12125550102", "+1 212 555 0101"], "reason": "opt-outs" });
    let listed = ana.post("/api/dnc/bulk", bulk).await;
    assert_eq!(listed.body, json!({ "added": 2, "already_listed": 0 }));
    let again = ana.post("/api/dnc", json!({ "phone": "+12125550101", "reason": "again" })).await;
    assert_eq!((again.status.as_u16(), &again.body["reason"]), (200, &json!("opt-outs")));
    let wrong = ana.post("/api/dnc/bulk", json!({ "phones": ["+12125550103", "x"] })).await;
    assert_eq!(wrong.wrong().2, "phones[1]");

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = ana.get(&format!("/api/dnc?limit=1{cursor}")).await;
        seen.extend(page.body["data"].as_array().unwrap().iter().map(|row| row["phone"].clone()));
        let Some(next) = page.body["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    seen.sort_by_key(ToString::to_string);
    assert_eq!(seen, [json!("+12125550101"), json!("+12125550102")]);

    let check = async || ana.get("/api/dnc/check?phone=%2B12125550101").await.body["listed"].clone();
    assert_eq!(check().await, true);
    assert_eq!(ana.delete("/api/dnc?phone=%2B12125550101").await.status, 204);
    assert_eq!(ana.delete("/api/dnc?phone=%2B12125550101").await.status, 404);
    assert_eq!(check().await, false);
    let bob = desk.register("Other").await;
    assert_eq!(bob.get("/api/dnc").await.body["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_lead_is_never_called_again() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let draft = json!({ "campaign_id": campaign, "phone": "+12125550123", "first_name": "Sara" });
    let path = ana.post("/api/leads", draft).await.header("location").to_owned();
    assert_eq!(ana.delete(&format!("{path}?erase=true")).await.status, 204);
    let erased = ana.get(&path).await.body;
    assert_eq!(
        (&erased["first_name"], &erased["phone"], &erased["status"]),
        (&json!(null), &json!(null), &json!("do_not_call"))
    );
    assert_eq!(ana.put(&path, json!({ "first_name": "Sara" })).await.refusal(), (409, "refused".to_owned()));
    assert_eq!(ana.get("/api/leads?search=sara").await.body["data"], json!([]));
    assert_eq!(ana.delete("/api/dnc?phone=%2B12125550123").await.refusal(), (409, "refused".to_owned()));
    let draft = json!({ "campaign_id": campaign, "phone": "+12125550123" });
    assert_eq!(ana.post("/api/leads", draft).await.wrong().1, "taken");
}
