//! Caller ids: a pool, its daily cap, and what the carrier lists, as people see them over the API.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::desk::{Desk, Person, Reply};
use crate::support::{CALLER_ID, Spec, agent_phone, scripts, until};

const PATIENCE: Duration = Duration::from_secs(60);
/// Another number that the carrier lists.
const WEST: &str = "+16195550100";

#[track_caller]
fn good(reply: Reply) -> Reply {
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
    reply
}

/// An organisation with an agent who takes four calls at once, and a campaign that shows a pool to leads that are
/// called once. Returns where the campaign is.
async fn set_up(desk: &Desk, ana: &Person<'_>, pool: &[(&str, Option<i32>)], zone: &str) -> String {
    for (phone, daily_cap) in pool {
        let draft = json!({ "phone": phone, "daily_cap": daily_cap });
        let added = good(ana.post("/api/tenant/caller-ids", draft).await);
        assert_eq!(added.body["listed"], json!(null), "the carrier was not asked yet");
    }
    until("the carrier lists every number", PATIENCE, async || {
        numbers(ana).await.iter().all(|number| number["listed"] == true)
    })
    .await;
    let group = good(ana.post("/api/agent-groups", json!({ "name": "Sales" })).await).text("id");
    let agent = json!({
        "name": "Maya", "phone": agent_phone(0), "group_ids": [group], "max_concurrent_calls": 4,
    });
    let agent = good(ana.post("/api/agents", agent).await).text("id");
    good(ana.put(&format!("/api/agents/{agent}/status"), json!({ "status": "available" })).await);
    let campaign = json!({
        "name": "Autumn", "group_id": group, "caller_ids": pool.iter().map(|(phone, _)| phone).collect::<Vec<_>>(),
        "calling_window": { "time_zone": zone, "opens": "08:00", "closes": "21:00" },
        "cadence": { "max_attempts": 1 },
    });
    let campaign = good(ana.post("/api/campaigns", campaign).await);
    assert!(desk.rig.legs().is_empty());
    format!("/api/campaigns/{}", campaign.text("id"))
}

async fn numbers(ana: &Person<'_>) -> Vec<Value> {
    let page = good(ana.get("/api/tenant/caller-ids").await);
    page.body["data"].as_array().unwrap().clone()
}

/// Adds a lead; returns where it is.
async fn add_lead(ana: &Person<'_>, campaign: &str, phone: &str) -> String {
    let id = campaign.strip_prefix("/api/campaigns/").unwrap();
    let draft = json!({ "campaign_id": id, "phone": phone });
    good(ana.post("/api/leads", draft).await).header("location").to_owned()
}

async fn explained(ana: &Person<'_>, lead: &str) -> Value {
    good(ana.get(&format!("{lead}/explain")).await).body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_cap_ends_the_day_and_the_next_goes_on_by_itself() {
    // Goal: an organisation in New York calls Honolulu, where its midnight is an early evening. When its number has
    // made two calls, the others wait, everybody is told why and until when, and after midnight two more are made.
    let leads = ["+18085550171", "+18085550172", "+18085550173", "+18085550174", "+18085550175"];
    let spec = Spec {
        start: "2026-11-24T04:40:00Z".parse().unwrap(),
        agents: 0,
        scripts: scripts(leads.map(|phone| (phone, r#"{"is":"busy"}"#))),
        ..Spec::default()
    };
    let desk = Desk::staffed(spec).await;
    let ana = desk.register("Acme").await;
    let campaign = set_up(&desk, &ana, &[(CALLER_ID, Some(2))], "Pacific/Honolulu").await;
    let mut waiting = Vec::new();
    for phone in leads {
        waiting.push(add_lead(&ana, &campaign, phone).await);
    }
    good(ana.post(&format!("{campaign}/start"), json!({})).await);
    until("two were called", PATIENCE, async || desk.rig.legs().len() == 2).await;

    let midnight = json!("2026-11-24T05:00:00Z");
    let mut told = 0;
    for lead in &waiting {
        let is = explained(&ana, lead).await;
        if is["rule"] == "caller_ids_capped" {
            told += 1;
            assert_eq!((&is["permission"], &is["at"]), (&json!("deny_until"), &midnight), "{is}");
            assert_eq!(is["dials_now"], 0);
        }
    }
    assert_eq!(told, 3);
    let preview = good(ana.get(&format!("{campaign}/preview")).await).body;
    assert_eq!(preview["callable_later"], 3, "{preview}");
    let capped = json!({
        "permission": "deny_until", "rule": "caller_ids_capped", "at": midnight, "leads": 3,
        "sentence": "The caller ids of the campaign have made as many calls as they may in one day.",
    });
    assert!(preview["shares"].as_array().unwrap().contains(&capped), "{preview}");
    let number = numbers(&ana).await.remove(0);
    assert_eq!((&number["calls_today"], &number["daily_cap"]), (&json!(2), &json!(2)));

    until("two more the next day", PATIENCE, async || desk.rig.legs().len() == 4).await;
    let legs = desk.rig.legs();
    let end = "2026-11-24T05:00:00Z".parse().unwrap();
    assert!(legs[1].created.at < end && legs[2].created.at >= end, "{legs:?}");
    assert_eq!(numbers(&ana).await[0]["calls_today"], 2);

    // The last one goes when the cap is lifted.
    let path = format!("/api/tenant/caller-ids/{}", number["id"].as_str().unwrap());
    let refused = ana.put(&path, json!({ "daily_cap": 0 })).await.wrong();
    assert_eq!(refused, (422, "invalid_field".to_owned(), "daily_cap".to_owned()));
    assert_eq!(good(ana.put(&path, json!({ "daily_cap": null })).await).body["daily_cap"], json!(null));
    until("the last", PATIENCE, async || desk.rig.legs().len() == 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_the_carrier_took_away_is_not_dialed_from() {
    // Goal: of a pool of two, the carrier takes one away, and the other is shown; then both, and nobody is dialed,
    // which people are told; given back, they are dialed from again.
    let leads = ["+12125550171", "+12125550172", "+12125550173"];
    let spec = Spec {
        agents: 0,
        scripts: scripts(leads.map(|phone| (phone, r#"{"is":"busy"}"#))),
        ..Spec::default()
    };
    let desk = Desk::staffed(spec).await;
    let listed = |numbers: &[&str]| {
        desk.rig.simulator.set_numbers(numbers.iter().map(|number| (*number).to_owned()).collect());
    };
    listed(&[CALLER_ID, WEST]);
    let ana = desk.register("Acme").await;
    let pool = [(WEST, None), (CALLER_ID, None)];
    let campaign = set_up(&desk, &ana, &pool, "America/New_York").await;
    // Otherwise it would be asked again in five minutes.
    let looked_at = async |expected: [bool; 2]| {
        let again = sqlx::query("update caller_ids set check_at = now()");
        again.execute(&desk.rig.database).await.unwrap();
        until("the carrier was asked", PATIENCE, async || {
            numbers(&ana).await.iter().map(|number| number["listed"] == true).eq(expected)
        })
        .await;
    };
    listed(&[CALLER_ID]);
    looked_at([false, true]).await;
    add_lead(&ana, &campaign, leads[0]).await;
    good(ana.post(&format!("{campaign}/start"), json!({})).await);
    until("the first was called", PATIENCE, async || desk.rig.legs().len() == 1).await;
    assert_eq!(desk.rig.legs()[0].order.from, CALLER_ID);

    listed(&[]);
    looked_at([false, false]).await;
    let lead = add_lead(&ana, &campaign, leads[1]).await;
    // It may have finished in between.
    good(ana.post(&format!("{campaign}/start"), json!({})).await);
    let is = explained(&ana, &lead).await;
    assert_eq!((&is["permission"], &is["rule"]), (&json!("deny_forever"), &json!("caller_ids_unusable")));
    let preview = good(ana.get(&format!("{campaign}/preview")).await).body;
    assert_eq!((&preview["callable_now"], &preview["callable_later"]), (&json!(0), &json!(0)), "{preview}");
    // Many rounds of pacing.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(desk.rig.legs().len(), 1);

    listed(&[WEST]);
    looked_at([true, false]).await;
    until("the second was called", PATIENCE, async || desk.rig.legs().len() == 2).await;
    assert_eq!(desk.rig.legs()[1].order.from, WEST);
}
