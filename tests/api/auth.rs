//! Logging in and out.

use serde_json::json;

use crate::desk::Desk;

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_lasts_until_the_logout() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let me = ana.get("/api/auth/me").await;
    assert_eq!(me.body["role"], "tenant_admin");
    assert_eq!(me.body["email"], "ana@acme.example.com");

    let credentials = json!({ "email": " ANA@acme.example.com", "password": "correct horse battery" });
    let again = desk.person(&desk.nobody().post("/api/auth/login", credentials).await).await;
    assert_eq!(again.tenant, ana.tenant);
    assert_eq!(again.post("/api/auth/logout", json!({})).await.status, 204);
    assert_eq!(again.get("/api/auth/me").await.refusal(), refused(401, "invalid_token"));
    assert_eq!(ana.get("/api/auth/me").await.status, 200, "the other login goes on");
    assert_eq!(desk.nobody().get("/api/auth/me").await.refusal(), refused(401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_good_for_one_exchange() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let refresh = |token: &str| json!({ "refresh_token": token });
    let next = desk.nobody().post("/api/auth/refresh", refresh(&ana.refresh_token)).await;
    assert_eq!(next.status, 200, "{}", next.body);
    let later = desk.person(&next).await;
    assert_ne!(later.refresh_token, ana.refresh_token);

    // Whoever shows the old one has stolen it, or was stolen from: the login is over for both.
    let stolen = desk.nobody().post("/api/auth/refresh", refresh(&ana.refresh_token)).await;
    assert_eq!(stolen.refusal(), refused(401, "token_reused"));
    let late = desk.nobody().post("/api/auth/refresh", refresh(&later.refresh_token)).await;
    assert_eq!(late.refusal(), refused(401, "invalid_token"));
    assert_eq!(later.get("/api/auth/me").await.refusal(), refused(401, "invalid_token"));
    let nonsense = desk.nobody().post("/api/auth/refresh", refresh("wlr_nonsense")).await;
    assert_eq!(nonsense.refusal(), refused(401, "invalid_token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_slows_down() {
    let desk = Desk::open().await;
    desk.register("Acme").await;
    let login = |password: &str| json!({ "email": "ana@acme.example.com", "password": password });
    for guess in 0..6 {
        let reply = desk.nobody().post("/api/auth/login", login(&format!("wrong guess {guess}"))).await;
        assert_eq!(reply.refusal(), refused(401, "wrong_credentials"), "guess {guess}");
    }
    let blocked = desk.nobody().post("/api/auth/login", login("correct horse battery")).await;
    assert_eq!(blocked.refusal(), refused(429, "too_many_failures"));
    assert!(blocked.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_two_organisations_has_to_name_one() {
    let desk = Desk::open().await;
    let asked = |tenant: &str| json!({ "tenant_name": tenant, "email": "bo@example.com", "password": "correct horse battery" });
    let first = desk.person(&desk.nobody().post("/api/auth/register", asked("First")).await).await;
    desk.nobody().post("/api/auth/register", asked("Second")).await;
    let mut login = json!({ "email": "bo@example.com", "password": "correct horse battery" });
    let several = desk.nobody().post("/api/auth/login", login.clone()).await;
    assert_eq!(several.wrong(), (409, "several_tenants".to_owned(), "tenant_id".to_owned()));
    assert!(several.text("detail").contains(&first.tenant), "{}", several.body);
    login["tenant_id"] = json!(first.tenant);
    assert_eq!(desk.person(&desk.nobody().post("/api/auth/login", login).await).await.tenant, first.tenant);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_registration_is_named() {
    let desk = Desk::open().await;
    let good = json!({ "tenant_name": "A", "email": "a@example.com", "password": "correct horse battery" });
    for (field, value) in
        [("tenant_name", ""), ("email", "nobody"), ("email", "a@b"), ("password", "short"), ("plan", "gold")]
    {
        let mut asked = good.clone();
        asked[field] = json!(value);
        let reply = desk.nobody().post("/api/auth/register", asked).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), field.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_an_address_is_nobodys() {
    let desk = Desk::open().await;
    desk.register("Acme").await;
    for address in ["ana\0@acme.example.com", "", "nobody", "ana@acme.example.com\u{7}"] {
        let asked = json!({ "email": address, "password": "correct horse battery" });
        let reply = desk.nobody().post("/api/auth/login", asked).await;
        assert_eq!(reply.refusal(), refused(401, "wrong_credentials"), "{address:?}");
    }
}
