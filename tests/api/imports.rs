//! Imports over HTTP.

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use warmline::import::{Importer, Limits};

use crate::desk::{Desk, Person, Reply};

const LIST: &str = "first_name,phone,company\r\n\
                    Ann,415 555 0101,Acme\r\n\
                    Bob,12,=1+1\r\n\
                    Cid,+14155550101,\r\n";

async fn campaign(desk: &Desk, person: &Person<'_>) -> String {
    let group = desk.rig.engine.add_group(person.tenant.parse().unwrap(), "Sales").await.unwrap();
    let draft =
        json!({ "name": "Autumn", "group_id": group, "calling_window": { "time_zone": "America/New_York" } });
    person.post("/api/campaigns", draft).await.text("id")
}

/// What a worker does.
async fn perform(desk: &Desk, person: &Person<'_>, import: &Reply) {
    let importer = Importer {
        engine: desk.rig.engine.clone(),
        limits: Limits::default(),
        stop: CancellationToken::new(),
    };
    let (tenant, id) = (person.tenant.parse().unwrap(), import.text("id").parse().unwrap());
    importer.perform(tenant, id, Timestamp::now).await.unwrap();
}

async fn upload(person: &Person<'_>, parts: &[(&str, &str)]) -> Reply {
    person.post_form("/api/leads/upload", &[], parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_uploaded_read_and_undone() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let import = upload(&ana, &[("file", LIST), ("campaign_id", &campaign)]).await;
    assert_eq!((import.status.as_u16(), &import.body["status"]), (202, &json!("queued")), "{}", import.body);
    assert_eq!(import.body["found"]["columns"][2], json!({ "name": "company", "target": "custom.company" }));
    let path = import.header("location").to_owned();
    perform(&desk, &ana, &import).await;

    let done = ana.get(&path).await;
    let counts = json!({ "rows": 3, "valid": 1, "invalid": 1, "duplicate": 1, "do_not_call": 0 });
    assert_eq!((&done.body["status"], &done.body["counts"]), (&json!("finished"), &counts));
    assert_eq!((&done.body["percent"], &done.body["file_name"]), (&json!(100.0), &json!("list.csv")));
    let listed = ana.get(&format!("/api/imports?campaign_id={campaign}&limit=1")).await;
    assert_eq!((&listed.body["data"][0]["id"], &listed.body["next"]), (&done.body["id"], &Value::Null));

    // Another's transaction on the same server may hold the feed back for a moment.
    ana.get("/api/events?types=import.finished&wait_s=20").await;
    let told = ana.get("/api/events?types=import.progressed,import.finished").await;
    let told: Vec<_> = told.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["type"].as_str().unwrap(), event["data"]["rows"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [("import.progressed", 3), ("import.finished", 3)]);

    let rows = ana.get(&format!("{path}/rows?limit=2")).await;
    let outcomes = |reply: &Reply| {
        let rows = reply.body["data"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row["line"], row["outcome"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&rows), ["2 valid", "3 invalid"]);
    let rest = ana.get(&format!("{path}/rows?limit=2&cursor={}", rows.text("next"))).await;
    assert_eq!((outcomes(&rest), &rest.body["next"]), (vec!["4 duplicate".to_owned()], &Value::Null));
    let invalid = ana.get(&format!("{path}/rows?outcome=invalid")).await;
    assert_eq!(invalid.body["data"][0]["cells"], json!(["Bob", "12", "=1+1"]));

    let undone = ana.post(&format!("{path}/undo"), json!({})).await;
    assert_eq!((undone.status.as_u16(), &undone.body["status"]), (202, &json!("undoing")));
    perform(&desk, &ana, &import).await;
    let undone = ana.get(&path).await;
    assert_eq!((&undone.body["status"], &undone.body["leads_deleted"]), (&json!("undone"), &json!(1)));
    assert_eq!(ana.post(&format!("{path}/cancel"), json!({})).await.refusal(), (409, "refused".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_rows_are_downloaded_mended_and_uploaded_again() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let import = upload(&ana, &[("campaign_id", &campaign), ("file", LIST)]).await;
    perform(&desk, &ana, &import).await;
    let rejects = ana.get(&format!("/api/imports/{}/rejects", import.text("id"))).await;
    assert_eq!(rejects.header("content-type"), "text/csv; charset=utf-8");
    let text = rejects.body.as_str().unwrap().trim_start_matches('\u{feff}').to_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "rejected_line,rejected_column,rejected_because,first_name,phone,company");
    assert!(lines[1].starts_with("3,phone,") && lines[1].ends_with("Bob,12,'=1+1"), "{text}");
    assert!(lines[2].starts_with("4,,the number is in line 2 already,Cid,+14155550101"), "{text}");

    let mended = text.replace("Bob,12,", "Bob,415 555 0102,");
    let again = upload(&ana, &[("campaign_id", &campaign), ("file", &mended)]).await;
    perform(&desk, &ana, &again).await;
    let again = ana.get(&format!("/api/imports/{}", again.text("id"))).await;
    assert_eq!((&again.body["counts"]["valid"], &again.body["counts"]["duplicate"]), (&json!(1), &json!(1)));
    let rows = ana.get(&format!("/api/imports/{}/rows", again.text("id"))).await;
    assert_eq!(rows.body["data"][0]["name"], "Bob");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_refused_with_what_is_wrong_and_leaves_nothing() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let of =
        |part: (&'static str, &'static str)| vec![("file", LIST), ("campaign_id", campaign.as_str()), part];
    for (parts, expected) in [
        (vec![("file", LIST)], (422, "invalid_field", "campaign_id")),
        (vec![("campaign_id", campaign.as_str())], (422, "invalid_field", "file")),
        (vec![("file", LIST), ("campaign_id", "cmp_1")], (422, "invalid_field", "campaign_id")),
        (vec![("file", "PK\u{3}\u{4}"), ("campaign_id", &campaign)], (422, "not_csv", "file")),
        (vec![("file", "a,b\r\n1,2\r\n"), ("campaign_id", &campaign)], (422, "no_phone_column", "file")),
        (of(("duplicates", "merge")), (422, "invalid_field", "duplicates")),
        (of(("dry_run", "maybe")), (422, "invalid_field", "dry_run")),
        (of(("mapping", r#"{"x":"phone"}"#)), (422, "invalid_mapping", "mapping")),
        (of(("mapping", "[]")), (422, "invalid_mapping", "mapping")),
        (of(("default_country", "Pakistan")), (422, "invalid_country", "default_country")),
        (of(("campaign", "x")), (422, "invalid_field", "campaign")),
    ] {
        let (status, code, field) = upload(&ana, &parts).await.wrong();
        assert_eq!((status, code.as_str(), field.as_str()), expected, "{parts:?}");
    }
    let nowhere = "cmp_00000000000000000000000000000000";
    let refused = upload(&ana, &[("campaign_id", nowhere), ("file", LIST)]).await;
    assert_eq!(refused.refusal(), (404, "not_found".to_owned()));
    assert_eq!(ana.post("/api/leads/upload", json!({})).await.refusal(), (415, "not_a_form".to_owned()));
    let other = desk.register("Other").await;
    let refused = upload(&other, &[("campaign_id", &campaign), ("file", LIST)]).await;
    assert_eq!(refused.refusal(), (404, "not_found".to_owned()), "another's campaign is none");
    crate::support::until("forgotten", std::time::Duration::from_secs(10), async || {
        let left: i64 =
            sqlx::query_scalar("select count(*) from imports").fetch_one(&desk.rig.database).await.unwrap();
        left == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_with_a_key_is_imported_once_and_a_dry_run_stores_nothing() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let parts = [("campaign_id", campaign.as_str()), ("dry_run", "true"), ("file", LIST)];
    let key = [("idempotency-key", "one")];
    let first = ana.post_form("/api/leads/upload", &key, &parts).await;
    let second = ana.post_form("/api/leads/upload", &key, &parts).await;
    assert_eq!((second.status.as_u16(), second.text("id")), (202, first.text("id")));
    assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), ("", "true"));
    perform(&desk, &ana, &first).await;
    let done = ana.get(first.header("location")).await;
    assert_eq!((&done.body["dry_run"], &done.body["counts"]["valid"]), (&json!(true), &json!(1)));
    let leads: i64 =
        sqlx::query_scalar("select count(*) from leads").fetch_one(&desk.rig.database).await.unwrap();
    assert_eq!(leads, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_kept_and_used() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let campaign = campaign(&desk, &ana).await;
    let draft = json!({ "name": "Load board", "mapping": { "Contact": "phone", "Fleet": "custom.fleet" } });
    let made = ana.post("/api/import-templates", draft.clone()).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""), "{}", made.body);
    let path = made.header("location").to_owned();
    assert_eq!(ana.post("/api/import-templates", draft.clone()).await.refusal(), (409, "taken".to_owned()));
    let wrong = json!({ "name": "x", "mapping": { "Contact": "telephone" } });
    let (status, _, field) = ana.post("/api/import-templates", wrong).await.wrong();
    assert_eq!((status, field.as_str()), (422, "mapping"));

    let text = "Contact,Fleet,Name\r\n4155550101,12,Ann\r\n";
    let parts = [("template_id", &*made.text("id")), ("campaign_id", &*campaign), ("file", text)];
    let import = upload(&ana, &parts).await;
    let targets: Vec<_> =
        import.body["found"]["columns"].as_array().unwrap().iter().map(|column| &column["target"]).collect();
    assert_eq!(targets, ["phone", "custom.fleet", "first_name"]);

    let change = json!({ "name": "Board", "mapping": { "Contact": "phone" } });
    let changed = ana.put(&path, change.clone()).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""));
    let late = ana.send(reqwest::Method::PUT, &path, &[("if-match", "\"1\"")], Some(change)).await;
    assert_eq!(late.refusal(), (412, "changed".to_owned()));
    assert_eq!(ana.get("/api/import-templates").await.body["data"][0]["name"], "Board");
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), (404, "not_found".to_owned()));
    let template = ana.get("/api/leads/template/csv").await;
    assert!(template.body.as_str().unwrap().starts_with("first_name,last_name,phone,"));
}
