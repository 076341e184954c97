//! What programs may do.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::Desk;

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_what_it_was_given_until_it_is_revoked() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let made = ana.post("/api/api-keys", json!({ "name": "CRM", "scopes": ["campaigns:read"] })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(made.text("secret").starts_with("wlk_"), "{}", made.body);
    let mut crm = desk.nobody();
    crm.token = Some(made.text("secret"));

    assert_eq!(crm.get("/api/campaigns").await.status, 200);
    let wanting = crm.post("/api/campaigns", json!({})).await;
    assert_eq!(wanting.refusal(), refused(403, "scope_missing"));
    assert_eq!(crm.get("/api/users").await.refusal(), refused(403, "key_not_allowed"));
    assert_eq!(crm.get("/api/auth/me").await.refusal(), refused(403, "key_not_allowed"));

    let listed = ana.get("/api/api-keys").await;
    let key = &listed.body["data"][0];
    assert_eq!((&key["id"], &key["name"], &key["secret"]), (&made.body["id"], &json!("CRM"), &Value::Null));
    assert!(key["last_used_at"].is_string(), "{key}");

    let path = made.header("location").to_owned();
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.delete(&path).await.status, 204, "a second time changes nothing");
    assert_eq!(crm.get("/api/campaigns").await.refusal(), refused(401, "invalid_token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_secret_or_a_key_that_is_over_opens_nothing() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let soon = Timestamp::now() + SignedDuration::from_secs(3600);
    let draft = json!({ "name": "CRM", "scopes": ["campaigns:read"], "expires_at": soon.to_string() });
    let secret = ana.post("/api/api-keys", draft).await.text("secret");
    let mut crm = desk.nobody();
    // One character of the random part is another: tenant and row stand before it.
    let forged = format!("{}{}", &secret[..60], if &secret[60..61] == "A" { "B" } else { "A" });
    for wrong in [format!("{forged}{}", &secret[61..]), secret[..40].to_owned(), "wlk_".to_owned()] {
        crm.token = Some(wrong);
        assert_eq!(crm.get("/api/campaigns").await.refusal(), refused(401, "invalid_token"));
    }
    let pass = "update api_keys set expires_at = now() - interval '1 second'";
    sqlx::query(pass).execute(&desk.rig.database).await.unwrap();
    crm.token = Some(secret);
    assert_eq!(crm.get("/api/campaigns").await.refusal(), refused(401, "invalid_token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_kept_nowhere() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let draft = json!({ "name": "CRM", "scopes": ["campaigns:read"] });
    let key = [("idempotency-key", "one")];
    let made = ana.send(Method::POST, "/api/api-keys", &key, Some(draft)).await;
    let invited = ana
        .send(Method::POST, "/api/invitations", &key, Some(json!({ "email": "b@c.de", "role": "agent" })))
        .await;
    let (secret, token) = (made.text("secret"), invited.text("token"));
    let tables: Vec<String> = sqlx::query_scalar(
        "select quote_ident(table_name) from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    .fetch_all(&desk.rig.database)
    .await
    .unwrap();
    for table in tables {
        let query = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let text: String =
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&desk.rig.database).await.unwrap();
        for secret in [&secret, &token] {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(secret.as_str()) && !text.contains(&hex), "{table} holds it");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_key_is_named() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    for (field, value, named) in [
        ("name", json!(""), "name"),
        ("scopes", json!([]), "scopes"),
        ("scopes", json!(["campaigns:read", "everything"]), "scopes[1]"),
        ("expires_at", json!("2020-01-01T00:00:00Z"), "expires_at"),
        ("role", json!("admin"), "role"),
    ] {
        let mut draft = json!({ "name": "CRM", "scopes": ["campaigns:read"] });
        draft[field] = value;
        let reply = ana.post("/api/api-keys", draft).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), named.to_owned()), "{}", reply.body);
    }
}
