//! What an organisation may spend, and whom it may call.

use serde_json::json;

use crate::desk::Desk;
use crate::leads::campaign;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_organisation_calls_its_country_and_spends_little() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let limits = ana.get("/api/limits").await;
    assert_eq!(limits.body["allowed_countries"], json!(["US"]));
    assert_eq!((&limits.body["daily_spend_cap"], &limits.body["capped"]), (&json!("50.00"), &json!(false)));

    let campaign = campaign(&desk, &ana).await;
    let draft = json!({ "campaign_id": campaign, "phone": "+442079460123" });
    let london = ana.post("/api/leads", draft).await.header("location").to_owned();
    ana.post(&format!("/api/campaigns/{}/start", campaign.as_str().unwrap()), json!({})).await;
    let explain = async || ana.get(&format!("{london}/explain")).await.body["rule"].clone();
    assert_eq!(explain().await, "country_not_allowed");
    let wider = ana.put("/api/limits", json!({ "allowed_countries": ["US", "GB"] })).await;
    assert_eq!(wider.status, 200, "{}", wider.body);
    assert_eq!(explain().await, json!(null));
    assert_eq!(
        ana.put("/api/limits", json!({ "allowed_countries": ["XX"] })).await.wrong().2,
        "allowed_countries"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_login_lifts_no_cap() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let put = async |cap| ana.put("/api/limits", json!({ "daily_spend_cap": cap })).await;
    assert_eq!(put(json!("20.5")).await.body["daily_spend_cap"], "20.50");
    assert_eq!(put(json!("20.51")).await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(put(json!(null)).await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(put(json!("-1")).await.wrong().2, "daily_spend_cap");
    let monthly = ana.put("/api/limits", json!({ "monthly_spend_cap": "100" })).await;
    assert_eq!(
        (&monthly.body["monthly_spend_cap"], &monthly.body["daily_spend_cap"]),
        (&json!("100.00"), &json!("20.50"))
    );
    assert_eq!(put(json!("0")).await.body["capped"], true, "nothing at all may be spent");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_raises_the_cap_of_an_organisation() {
    let desk = Desk::open().await;
    let (op, ana) = (desk.operator().await, desk.register("Acme").await);
    let path = format!("/api/tenants/{}/limits", ana.tenant);
    assert_eq!(ana.get(&path).await.refusal(), (403, "forbidden".to_owned()));
    let raised = op.put(&path, json!({ "daily_spend_cap": "500", "monthly_spend_cap": null })).await;
    assert_eq!(raised.body["daily_spend_cap"], "500.00", "{}", raised.body);
    assert_eq!(ana.get("/api/limits").await.body, op.get(&path).await.body);
    assert_eq!(op.get("/api/limits").await.body["daily_spend_cap"], "50.00", "its own is as it was");
    let nobody = "/api/tenants/tnt_0193642f2b0a7c10a3f4c0ffee000009/limits";
    assert_eq!(op.put(nobody, json!({})).await.status, 404);
}
