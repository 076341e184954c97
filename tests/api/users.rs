//! The people of an organisation, and the log of what they changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, Person, Reply};

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn emails(reply: &Reply) -> Vec<&str> {
    reply.body["data"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap()).collect()
}

async fn change(by: &Person<'_>, whom: &Person<'_>, change: Value) -> Reply {
    by.put(&format!("/api/users/{}", whom.id), change).await
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_listed_found_and_changed() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bo = desk.colleague(&ana, "bo@example.com", "manager").await;
    desk.colleague(&ana, "cy@example.com", "agent").await;
    let all = ["ana@acme.example.com", "bo@example.com", "cy@example.com"];
    assert_eq!(emails(&ana.get("/api/users").await), all);
    let page = ana.get("/api/users?limit=2").await;
    assert_eq!(emails(&page), all[..2]);
    let rest = ana.get(&format!("/api/users?limit=2&cursor={}", page.text("next"))).await;
    assert_eq!(emails(&rest), all[2..]);
    assert_eq!(emails(&ana.get("/api/users?role=manager").await), [all[1]]);
    for (search, found) in [("bo@", &all[1..2]), ("ANA", &all[..1]), ("lima", &all[..1]), ("xx", &[])] {
        assert_eq!(emails(&ana.get(&format!("/api/users?search={search}")).await), found, "{search}");
    }

    let path = format!("/api/users/{}", bo.id);
    let was = ana.get(&path).await;
    let one = [("if-match", was.header("etag"))];
    let renamed = ana.send(Method::PUT, &path, &one, Some(json!({ "name": "Bo Berg" }))).await;
    assert_eq!(
        (renamed.status.as_u16(), renamed.text("name"), renamed.text("role")),
        (200, "Bo Berg".into(), "manager".into())
    );
    let late = ana.send(Method::PUT, &path, &one, Some(json!({ "name": "x" }))).await;
    assert_eq!(late.refusal(), refused(412, "changed"));
    assert_eq!(bo.get("/api/users").await.refusal(), refused(403, "forbidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_and_a_lock_are_felt_at_once() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bo = desk.colleague(&ana, "bo@example.com", "manager").await;
    assert_eq!(bo.get("/api/campaigns").await.status, 200);
    assert_eq!(change(&ana, &bo, json!({ "role": "agent" })).await.status, 200);
    assert_eq!(bo.get("/api/campaigns").await.refusal(), refused(403, "forbidden"));

    assert_eq!(ana.delete(&format!("/api/users/{}", bo.id)).await.status, 204);
    assert_eq!(bo.get("/api/auth/me").await.refusal(), refused(401, "invalid_token"));
    let login = json!({ "email": "bo@example.com", "password": "correct horse battery" });
    assert_eq!(desk.nobody().post("/api/auth/login", login.clone()).await.status, 401);
    assert_eq!(change(&ana, &bo, json!({ "enabled": true })).await.status, 200);
    assert_eq!(bo.get("/api/auth/me").await.status, 401, "the old login stays over");
    assert_eq!(desk.nobody().post("/api/auth/login", login).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_raised_above_whoever_raises() {
    let desk = Desk::open().await;
    let op = desk.operator().await;
    let ana = desk.colleague(&op, "ana@example.com", "tenant_admin").await;
    assert_eq!(change(&ana, &ana, json!({ "role": "admin" })).await.refusal(), refused(403, "forbidden"));
    for hand in [json!({ "enabled": false }), json!({ "role": "agent" }), json!({ "name": "x" })] {
        assert_eq!(change(&ana, &op, hand).await.refusal(), refused(403, "forbidden"));
    }
    assert_eq!(ana.delete(&format!("/api/users/{}", op.id)).await.refusal(), refused(403, "forbidden"));
    let op_is = op.get(&format!("/api/users/{}", op.id)).await;
    assert_eq!((&op_is.body["role"], &op_is.body["enabled"]), (&json!("admin"), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_left_to_run_the_organisation() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bo = desk.colleague(&ana, "bo@example.com", "tenant_admin").await;
    // Both at once: one of them is refused.
    let leave = |person| change(person, person, json!({ "role": "manager" }));
    let (first, second) = tokio::join!(leave(&ana), leave(&bo));
    let mut said = [first.status.as_u16(), second.status.as_u16()];
    said.sort_unstable();
    assert_eq!(said, [200, 409], "{} {}", first.body, second.body);
    let left = if first.status == 409 { &ana } else { &bo };
    assert_eq!(change(left, left, json!({ "enabled": false })).await.refusal(), refused(409, "refused"));
    assert_eq!(left.delete(&format!("/api/users/{}", left.id)).await.refusal(), refused(409, "refused"));
    assert_eq!(change(left, left, json!({ "name": "Last" })).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_says_who_changed_what() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bo = desk.colleague(&ana, "bo@example.com", "manager").await;
    change(&ana, &bo, json!({ "role": "agent", "name": "Bo Berg" })).await;
    change(&ana, &bo, json!({ "role": "admin" })).await;

    let log = ana.get("/api/audit-log").await;
    let lines = log.body["data"].as_array().unwrap();
    let said: Vec<_> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(
        said,
        ["update_user", "accept_invitation", "create_invitation"],
        "what was refused is not there"
    );
    assert_eq!(lines[0]["actor"], json!(ana.id));
    assert_eq!(lines[0]["subject"], json!(format!("/api/users/{}", bo.id)));
    let detail = json!({ "before": { "role": "manager" }, "after": { "role": "agent" } });
    assert_eq!(lines[0]["detail"], detail, "nothing personal");
    let mine = ana.get(&format!("/api/audit-log?actor={}", bo.id)).await;
    assert_eq!(mine.body["data"].as_array().unwrap().len(), 1);
    let page = ana.get("/api/audit-log?action=create_invitation&limit=1").await;
    assert_eq!(
        (page.body["data"][0]["action"].as_str(), &page.body["next"]),
        (Some("create_invitation"), &Value::Null)
    );
    for password in ["wrong guess", "correct horse battery"] {
        let login = json!({ "email": "bo@example.com", "password": password });
        desk.nobody().post("/api/auth/login", login).await;
    }
    let his = ana.get(&format!("/api/audit-log?actor={}&limit=2", bo.id)).await;
    assert_eq!(
        (his.body["data"][0]["action"].as_str(), his.body["data"][1]["action"].as_str()),
        (Some("login"), Some("login_failed"))
    );
    assert_eq!(desk.register("Other").await.get("/api/audit-log").await.body["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_chosen_anew_once() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bo = desk.colleague(&ana, "bo@acme.example.com", "manager").await;
    let path = format!("/api/users/{}/password-reset", bo.id);
    assert_eq!(bo.post(&path, json!({})).await.status, 403);
    let stale = ana.post(&path, json!({})).await.text("token");
    let token = ana.post(&path, json!({})).await.text("token");
    let choose = async |token: &str, password: &str| {
        let asked = json!({ "token": token, "password": password });
        desk.nobody().post("/api/auth/reset-password", asked).await
    };
    let login = async |password: &str| {
        let asked = json!({ "email": "bo@acme.example.com", "password": password });
        desk.nobody().post("/api/auth/login", asked).await.status
    };
    for wrong in [stale.as_str(), "wlp_", "nothing", &token[..token.len() - 2]] {
        assert_eq!(choose(wrong, "another horse battery").await.status, 401, "{wrong}");
    }
    assert_eq!(choose(&token, "short").await.wrong().2, "password");
    assert_eq!(login("correct horse battery").await, 200, "good until it is replaced");
    assert_eq!(bo.get("/api/auth/me").await.status, 200);
    assert_eq!(choose(&token, "another horse battery").await.status, 204);
    assert_eq!(bo.get("/api/auth/me").await.status, 401, "every login is over");
    assert_eq!(
        (login("correct horse battery").await, login("another horse battery").await),
        (401.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert_eq!(choose(&token, "a third horse battery").await.status, 401, "it is good once");

    let late = ana.post(&path, json!({})).await.text("token");
    let query = "update users set reset_expires_at = now() where reset_secret is not null";
    sqlx::query(query).execute(&desk.rig.database).await.unwrap();
    assert_eq!(choose(&late, "a third horse battery").await.status, 401);
    assert_eq!(ana.put(&format!("/api/users/{}", bo.id), json!({ "enabled": false })).await.status, 200);
    assert_eq!(ana.post(&path, json!({})).await.status, 409);
    // Nobody has a hand in more than is his own.
    let op = desk.operator().await;
    let boss = desk.colleague(&op, "boss@example.com", "tenant_admin").await;
    assert_eq!(boss.post(&format!("/api/users/{}/password-reset", op.id), json!({})).await.status, 403);
}
