//! Statistics and the export of calls over HTTP.

use serde_json::{Value, json};

use crate::calls::{End, Floor};
use crate::desk::Desk;

async fn floor_with_calls<'a>(desk: &'a Desk) -> Floor<'a> {
    let floor = Floor::open(desk, "Acme").await;
    let other = floor.another_campaign().await;
    for (n, (campaign, end)) in [
        (floor.campaign, End::Busy),
        (floor.campaign, End::Talk),
        (floor.campaign, End::Machine),
        (other, End::Talk),
        (other, End::WrapUp),
        (floor.campaign, End::Open),
    ]
    .into_iter()
    .enumerate()
    {
        floor.call(campaign, n, end).await;
        if n == 2 {
            desk.rig.engine.roll_up(floor.tenant).await.unwrap();
        }
    }
    floor
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_those_of_the_calls() {
    let desk = Desk::open().await;
    let floor = floor_with_calls(&desk).await;
    let get = async |path: &str| {
        let reply = floor.boss.get(&format!("/api/calls/stats/{path}")).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.body
    };
    let all = get("overview").await;
    for (field, expected) in [
        ("calls", json!(6)),
        ("open", json!(2)),
        ("attempts", json!(4)),
        ("answered", json!(4)),
        ("human", json!(2)),
        ("machine", json!(1)),
        ("bridged", json!(3)),
        ("abandoned", json!(0)),
        ("abandon_rate", json!(0.0)),
    ] {
        assert_eq!(all[field], expected, "{field}: {all}");
    }
    let calls = floor.boss.get("/api/calls").await.body;
    let rows = calls["data"].as_array().unwrap();
    let talk: i64 = rows.iter().map(|row| row["talk_s"].as_i64().unwrap()).sum();
    assert_eq!(all["talk_s"], json!(talk));
    let dollars = |value: &Value| value["cost_usd"].as_str().unwrap().parse::<f64>().unwrap();
    let cost: f64 = rows.iter().map(dollars).sum();
    assert!((dollars(&all) - cost).abs() < 1e-9 && cost > 0.0, "{cost} {all}");

    let first = get(&format!("overview?campaign_id={}", floor.campaign)).await;
    assert_eq!((&first["calls"], &first["open"]), (&json!(4), &json!(1)));
    let campaigns = get("by-campaign").await;
    let counts: Vec<_> =
        campaigns["data"].as_array().unwrap().iter().map(|row| row["calls"].clone()).collect();
    assert_eq!(counts, [json!(4), json!(2)]);
    let dispositions = get("by-disposition").await;
    let told: Vec<_> = dispositions["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", row["disposition"].as_str().unwrap(), row["calls"]))
        .collect();
    assert_eq!(told, ["answered 2", "voicemail 1", "busy 1"]);
    let agents = get("by-agent").await;
    assert_eq!(agents["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&agents["data"][0]["agent_id"], &agents["data"][0]["calls"]),
        (&json!(floor.agent), &json!(3))
    );
    let hours = get("by-hour?time_zone=America/New_York").await;
    let at: jiff::Timestamp = rows[0]["opened_at"].as_str().unwrap().parse().unwrap();
    let hour = usize::try_from(at.in_tz("America/New_York").unwrap().hour()).unwrap();
    let counted: i64 =
        hours["data"].as_array().unwrap().iter().map(|row| row["calls"].as_i64().unwrap()).sum();
    assert_eq!((counted, hours["data"].as_array().unwrap().len()), (6, 24));
    assert!(hours["data"][hour]["calls"].as_i64().unwrap() > 0, "{hours}");
    assert_eq!(get("overview?to=2000-01-01T00:00:00Z").await["calls"], 0);
    assert_eq!(get("overview?to=2000-01-01T00:00:00Z").await["abandon_rate"], Value::Null);

    let wrong = floor.boss.get("/api/calls/stats/by-hour?time_zone=Mars/Olympus").await;
    assert_eq!(wrong.wrong(), (422, "invalid_query".to_owned(), "time_zone".to_owned()));
    let bob = desk.register("Other").await;
    let others = bob.get(&format!("/api/calls/stats/overview?campaign_id={}", floor.campaign)).await;
    assert_eq!(others.body["calls"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_exported_for_a_spreadsheet() {
    let desk = Desk::open().await;
    let floor = floor_with_calls(&desk).await;
    let name = "update campaigns set name = '=cmd()' where id = $1";
    sqlx::query(name).bind(floor.campaign.0).execute(&desk.rig.database).await.unwrap();
    let file = floor.boss.get("/api/calls/export.csv?time_zone=America/New_York").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    let text = file.body.as_str().unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    assert_eq!(head.get(11), Some("opened_at (America/New_York)"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let list = floor.boss.get("/api/calls?sort=opened_at").await.body;
    let listed: Vec<_> =
        list["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    let exported: Vec<_> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(exported, listed);
    assert_eq!((rows[0].get(2), rows[0].get(8)), (Some("'=cmd()"), Some("busy")));
    assert_eq!(rows[0].get(5), list["data"][0]["lead_phone"].as_str(), "a number is no formula");
    assert_eq!((rows[1].get(10), rows[0].get(10)), (Some("Maya"), Some("")));
    let at: jiff::Timestamp = list["data"][0]["opened_at"].as_str().unwrap().parse().unwrap();
    let local = at.in_tz("America/New_York").unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string();
    assert_eq!(rows[0].get(11), Some(local.as_str()));

    let some = floor.boss.get("/api/calls/export.csv?disposition=answered").await;
    assert_eq!(some.body.as_str().unwrap().lines().count(), 3);
    let audited = "select count(*) from audit_log where action = 'export_calls'";
    assert_eq!(desk.rig.count(audited).await, 2);
    let bob = desk.register("Other").await;
    assert_eq!(bob.get("/api/calls/export.csv").await.body.as_str().unwrap().lines().count(), 1);
}
