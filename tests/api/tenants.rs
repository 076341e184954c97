//! Organisations: what they settle for themselves, and what the installation allows them.

use reqwest::Method;
use serde_json::json;

use crate::desk::{Desk, Person};
use crate::support::{ACCOUNT, OWN_ACCOUNT, OWN_TOKEN, TOKEN};

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_settles_its_own_affairs() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let is = ana.get("/api/tenant").await;
    assert_eq!((is.text("id"), is.text("time_zone")), (ana.tenant.clone(), "America/New_York".to_owned()));
    let changed =
        ana.put("/api/tenant", json!({ "time_zone": "europe/berlin", "default_country": "DE" })).await;
    assert_eq!(
        (changed.text("name"), changed.text("time_zone")),
        ("Acme".to_owned(), "Europe/Berlin".to_owned())
    );
    assert_eq!(changed.header("etag"), "\"2\"");
    for (field, value) in [
        ("name", json!("")),
        ("time_zone", json!("Mars/Olympus")),
        ("default_country", json!("Germany")),
        ("max_concurrent_calls", json!(1000)),
        ("enabled", json!(true)),
    ] {
        let reply = ana.put("/api/tenant", json!({ field: value })).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), field.to_owned()));
    }
    let manager = desk.colleague(&ana, "bo@example.com", "manager").await;
    assert_eq!(manager.get("/api/tenant").await.status, 200);
    assert_eq!(manager.put("/api/tenant", json!({ "name": "x" })).await.refusal(), refused(403, "forbidden"));
    for path in ["/api/tenants".to_owned(), format!("/api/tenants/{}", ana.tenant)] {
        assert_eq!(ana.get(&path).await.refusal(), refused(403, "forbidden"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_makes_an_organisation_and_has_somebody_run_it() {
    let desk = Desk::open().await;
    let op = desk.operator().await;
    let made = op.post("/api/tenants", json!({ "name": "Acme", "max_concurrent_calls": 3 })).await;
    assert_eq!((made.status.as_u16(), &made.body["max_concurrent_calls"]), (201, &json!(3)), "{}", made.body);
    let path = made.header("location").to_owned();
    let invited = op.post(&format!("{path}/invitations"), json!({ "email": "ana@example.com" })).await;
    let accept = json!({ "token": invited.text("token"), "password": "correct horse battery" });
    let ana = desk.person(&desk.nobody().post("/api/auth/accept-invitation", accept).await).await;
    assert_eq!(ana.tenant, made.text("id"));
    assert_eq!(ana.get("/api/auth/me").await.text("role"), "tenant_admin");
    assert_eq!(op.put(&path, json!({ "max_users": 7, "name": "Acme Ltd" })).await.body["max_users"], 7);
    assert_eq!(ana.get("/api/tenant").await.text("name"), "Acme Ltd");
    let found = op.get("/api/tenants?search=acme").await;
    assert_eq!(found.body["data"].as_array().unwrap().len(), 1, "{}", found.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_organisation_is_logged_out() {
    let desk = Desk::open().await;
    let op = desk.operator().await;
    let ana = desk.register("Acme").await;
    let program = desk.program(&ana, &["campaigns:read"]).await;
    assert_eq!(program.get("/api/campaigns").await.status, 200);
    let path = format!("/api/tenants/{}", ana.tenant);
    assert_eq!(op.put(&path, json!({ "enabled": false })).await.status, 200);
    assert_eq!(ana.get("/api/auth/me").await.refusal(), refused(401, "invalid_token"));
    assert_eq!(program.get("/api/campaigns").await.refusal(), refused(401, "invalid_token"));
    let login = json!({ "email": "ana@acme.example.com", "password": "correct horse battery" });
    assert_eq!(desk.nobody().post("/api/auth/login", login.clone()).await.status, 401);
    let refresh = json!({ "refresh_token": ana.refresh_token });
    assert_eq!(desk.nobody().post("/api/auth/refresh", refresh).await.status, 401);
    let own = format!("/api/tenants/{}", op.tenant);
    assert_eq!(op.put(&own, json!({ "enabled": false })).await.refusal(), refused(409, "refused"));
    assert_eq!(op.put(&path, json!({ "enabled": true })).await.status, 200);
    assert_eq!(desk.nobody().post("/api/auth/login", login).await.status, 200);
}

async fn campaign(desk: &Desk, ana: &Person<'_>, caller_id: Option<&str>) -> crate::desk::Reply {
    let name = format!("Team {:x}", crate::support::random());
    let group = desk.rig.engine.add_group(ana.tenant.parse().unwrap(), &name).await.unwrap();
    let zone = json!({ "time_zone": "America/New_York" });
    let mut draft = json!({ "name": "Autumn", "group_id": group, "calling_window": zone });
    if let Some(number) = caller_id {
        draft["caller_id"] = json!(number);
    }
    ana.post("/api/campaigns", draft).await
}

#[tokio::test(flavor = "multi_thread")]
async fn campaigns_show_the_numbers_that_the_organisation_named() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let path = "/api/tenant/caller-ids";
    let before = campaign(&desk, &ana, Some("+12125550111")).await;
    assert_eq!(before.status, 201, "without a list, any will do: {}", before.body);

    let added = ana.post(path, json!({ "phone": "+12125550100", "label": "Main" })).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let twice = ana.post(path, json!({ "phone": "+12125550100" })).await;
    assert_eq!(twice.wrong(), (409, "taken".to_owned(), "phone".to_owned()));
    assert_eq!(ana.post(path, json!({ "phone": "5550100" })).await.status, 422);
    let shared = desk.register("Other").await.post(path, json!({ "phone": "+12125550100" })).await;
    assert_eq!(shared.status, 201, "another organisation has a list of its own");

    let wrong = (422, "invalid_field".to_owned(), "caller_id".to_owned());
    assert_eq!(campaign(&desk, &ana, Some("+12125550111")).await.wrong(), wrong);
    let made = campaign(&desk, &ana, None).await;
    assert_eq!(made.text("caller_id"), "+12125550100", "the first of the list when none is named");
    let old = before.header("location").to_owned();
    assert_eq!(
        ana.put(&old, json!({ "name": "Winter" })).await.status,
        200,
        "what it shows already may stay"
    );
    let other = ana.put(&old, json!({ "caller_id": "+12125550122" })).await;
    assert_eq!(other.wrong(), wrong);

    let number = added.header("location").to_owned();
    assert_eq!(ana.delete(&number).await.refusal(), refused(409, "refused"), "a campaign shows it");
    assert_eq!(ana.delete(made.header("location")).await.status, 204);
    assert_eq!(ana.delete(&number).await.status, 204);
    assert_eq!(ana.get(path).await.body["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_has_so_many_campaigns() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    sqlx::query("update tenants set max_campaigns = 1").execute(&desk.rig.database).await.unwrap();
    let first = campaign(&desk, &ana, None).await.header("location").to_owned();
    assert_eq!(campaign(&desk, &ana, None).await.refusal(), refused(409, "refused"));
    ana.post(&format!("{first}/start"), json!({})).await;
    ana.post(&format!("{first}/stop"), json!({})).await;
    assert_eq!(campaign(&desk, &ana, None).await.status, 201, "one that was stopped takes no place");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_may_have_an_account_at_another_carrier_that_is_known() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let path = "/api/tenant/carrier";
    let project = "0193642f-2b0a-7c10-a3f4-c0ffee000001";
    let config = warmline_simulator::Config {
        dialect: warmline_simulator::Dialect::SignalWire,
        account_sid: project.to_owned(),
        auth_token: "the signing key".to_owned(),
        api_keys: vec![warmline_simulator::ApiKey {
            sid: project.to_owned(),
            secret: "the token".to_owned(),
        }],
        ..warmline_simulator::Config::default()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let carrier = warmline_simulator::Simulator::start(config, listener).unwrap();
    let draft = json!({
        "account_sid": project, "auth_token": "the signing key", "api_key_sid": project,
        "api_key_secret": "the token", "api_base": carrier.base_url(), "dialect": "signalwire,auth=basic",
    });
    for (name, value, field) in [
        ("api_base", json!(null), "api_base"),
        ("dialect", json!(null), "dialect"),
        ("dialect", json!("telnyx"), "dialect"),
        ("api_base", json!("https://signalwire.com.example.com/2010-04-01"), "api_base"),
        ("api_base", json!("http://example.signalwire.com/api/laml/2010-04-01"), "api_base"),
        ("api_base", json!("https://example.com/2010-04-01"), "api_base"),
        ("api_base", json!("https://me:secret@example.signalwire.com/2010-04-01"), "api_base"),
        ("api_base", json!("http://169.254.169.254/2010-04-01"), "api_base"),
        ("api_key_secret", json!("the signing key"), "api_key_secret"),
    ] {
        let mut wrong = draft.clone();
        wrong[name] = value;
        let reply = ana.put(path, wrong).await;
        assert_eq!(
            reply.wrong(),
            (422, "invalid_field".to_owned(), field.to_owned()),
            "{name}: {}",
            reply.body
        );
    }
    let mut keyless = draft.clone();
    keyless["api_key_sid"] = json!(null);
    keyless["api_key_secret"] = json!(null);
    assert_eq!(ana.put(path, keyless).await.wrong().2, "api_key_sid", "the signing key makes no requests");
    let set = ana.put(path, draft).await;
    assert_eq!(set.status, 200, "{}", set.body);
    let shown = (&set.body["api_base"], &set.body["dialect"]);
    assert_eq!(shown, (&json!(carrier.base_url()), &json!("signalwire")));
    carrier.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_calls_on_an_account_of_its_own() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let path = "/api/tenant/carrier";
    let none = ana.get(path).await;
    assert_eq!((none.header("etag"), &none.body), ("\"0\"", &json!({ "is_own": false })));
    assert_eq!(ana.delete(path).await.status, 404);
    let with = |sid: &str, token: &str| json!({ "account_sid": sid, "auth_token": token });
    let wrong = ana.put(path, with(OWN_ACCOUNT, "not the token")).await;
    assert_eq!(wrong.wrong(), (422, "invalid_field".to_owned(), "auth_token".to_owned()));
    assert!(!wrong.body.to_string().contains("not the token"), "{}", wrong.body);
    assert_eq!(ana.put(path, with("AC/../x", OWN_TOKEN)).await.wrong().2, "account_sid");
    assert_eq!(ana.put(path, with(ACCOUNT, TOKEN)).await.wrong().2, "account_sid");
    assert_eq!(ana.get(path).await.body["is_own"], false);

    let set = ana.put(path, with(OWN_ACCOUNT, OWN_TOKEN)).await;
    assert_eq!(set.status, 200, "{}", set.body);
    assert_eq!(
        (set.body["account_sid"].as_str(), &set.body["calls_per_second"]),
        (Some(OWN_ACCOUNT), &json!(1.0))
    );
    assert!(!set.body.to_string().contains(OWN_TOKEN));
    let log = ana.get("/api/audit-log").await.body.to_string();
    assert!(log.contains("set_carrier") && log.contains(OWN_ACCOUNT) && !log.contains(OWN_TOKEN), "{log}");
    let mut faster = with(OWN_ACCOUNT, OWN_TOKEN);
    faster["calls_per_second"] = json!(0);
    assert_eq!(ana.put(path, faster.clone()).await.wrong().2, "calls_per_second");
    faster["calls_per_second"] = json!(30);
    assert_eq!(ana.put(path, faster).await.body["calls_per_second"], 30.0);
    let stale = ana.send(Method::DELETE, path, &[("if-match", "\"1\"")], None).await;
    assert_eq!(stale.refusal(), refused(412, "changed"));
    assert_eq!(ana.delete(path).await.status, 204);
    assert_eq!(ana.get(path).await.body["is_own"], false);
}
