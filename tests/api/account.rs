//! One's own account.

use serde_json::json;

use crate::desk::Desk;

fn change(old: &str, new: &str) -> serde_json::Value {
    json!({ "old_password": old, "new_password": new })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_logins() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let login = |password: &str| json!({ "email": "ana@acme.example.com", "password": password });
    let other =
        desk.person(&desk.nobody().post("/api/auth/login", login("correct horse battery")).await).await;

    let path = "/api/auth/password";
    let wrong = ana.put(path, change("wrong horse battery", "another horse battery")).await;
    assert_eq!(wrong.wrong(), (422, "invalid_field".to_owned(), "old_password".to_owned()));
    let short = ana.put(path, change("correct horse battery", "short")).await;
    assert_eq!(short.wrong(), (422, "invalid_field".to_owned(), "new_password".to_owned()));
    assert_eq!(ana.put(path, change("correct horse battery", "another horse battery")).await.status, 204);

    assert_eq!(ana.get("/api/auth/me").await.status, 200, "this login goes on");
    assert_eq!(other.get("/api/auth/me").await.refusal(), (401, "invalid_token".to_owned()));
    let refreshed = json!({ "refresh_token": other.refresh_token });
    assert_eq!(desk.nobody().post("/api/auth/refresh", refreshed).await.status, 401);
    assert_eq!(desk.nobody().post("/api/auth/login", login("correct horse battery")).await.status, 401);
    assert_eq!(desk.nobody().post("/api/auth/login", login("another horse battery")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_token_is_no_way_to_try_passwords() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    for guess in 0..6 {
        let asked = change(&format!("wrong guess {guess}"), "another horse battery");
        assert_eq!(ana.put("/api/auth/password", asked).await.status, 422, "guess {guess}");
    }
    let blocked =
        ana.put("/api/auth/password", change("correct horse battery", "another horse battery")).await;
    assert_eq!(blocked.refusal(), (429, "too_many_failures".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_are_listed_and_ended_one_by_one_or_all_at_once() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let login = json!({ "email": "ana@acme.example.com", "password": "correct horse battery" });
    let second = desk.person(&desk.nobody().post("/api/auth/login", login.clone()).await).await;
    let third = desk.person(&desk.nobody().post("/api/auth/login", login).await).await;
    let bo = desk.colleague(&ana, "bo@example.com", "tenant_admin").await;

    let page = ana.get("/api/auth/sessions?limit=2").await;
    assert_eq!(page.body["data"].as_array().unwrap().len(), 2, "{}", page.body);
    let listed = ana.get("/api/auth/sessions").await;
    let logins = listed.body["data"].as_array().unwrap();
    let current: Vec<bool> = logins.iter().map(|login| login["is_current"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, false, true], "the newest first: {}", listed.body);
    let path = format!("/api/auth/sessions/{}", logins[0]["id"].as_str().unwrap());

    assert_eq!(bo.delete(&path).await.refusal(), (404, "not_found".to_owned()), "it is somebody else's");
    assert_eq!(third.get("/api/auth/me").await.status, 200);
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(third.get("/api/auth/me").await.status, 401);

    assert_eq!(second.post("/api/auth/logout-everywhere", json!({})).await.status, 204);
    assert_eq!(second.get("/api/auth/me").await.status, 401);
    assert_eq!(ana.get("/api/auth/me").await.status, 401);
    assert_eq!(bo.get("/api/auth/me").await.status, 200);
}
