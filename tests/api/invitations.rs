//! How somebody becomes a user.

use serde_json::json;

use crate::desk::Desk;

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_a_user_once() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let draft = json!({ "email": "Bo@Example.com", "role": "manager", "name": "Bo Berg" });
    let invited = ana.post("/api/invitations", draft.clone()).await;
    assert_eq!((invited.status.as_u16(), &invited.body["status"]), (201, &json!("open")), "{}", invited.body);
    let accept = |token: &str| json!({ "token": token, "password": "correct horse battery" });

    // A later one of the same address ends the first.
    let again = ana.post("/api/invitations", draft.clone()).await;
    let first = desk.nobody().post("/api/auth/accept-invitation", accept(&invited.text("token"))).await;
    assert_eq!(first.refusal(), refused(401, "invalid_token"));
    let accepted = desk.nobody().post("/api/auth/accept-invitation", accept(&again.text("token"))).await;
    let bo = desk.person(&accepted).await;
    assert_eq!(bo.tenant, ana.tenant);
    let me = bo.get("/api/auth/me").await;
    assert_eq!(
        (me.text("email"), me.text("name"), me.text("role")),
        ("bo@example.com".into(), "Bo Berg".into(), "manager".into())
    );
    let twice = desk.nobody().post("/api/auth/accept-invitation", accept(&again.text("token"))).await;
    assert_eq!(twice.refusal(), refused(401, "invalid_token"));

    let listed = ana.get("/api/invitations").await;
    let states: Vec<_> =
        listed.body["data"].as_array().unwrap().iter().map(|row| row["status"].clone()).collect();
    assert_eq!(states, ["accepted", "revoked"]);
    assert!(!listed.body.to_string().contains("wli_"), "{}", listed.body);
    assert_eq!(
        ana.post("/api/invitations", draft).await.wrong(),
        (409, "taken".to_owned(), "email".to_owned())
    );
    let path = format!("/api/invitations/{}", again.text("id"));
    assert_eq!(ana.delete(&path).await.refusal(), refused(409, "refused"), "it was accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_over_makes_nobody_a_user() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let accept = |token: &str| json!({ "token": token, "password": "correct horse battery" });
    let revoked = ana.post("/api/invitations", json!({ "email": "a@b.cd", "role": "agent" })).await;
    assert_eq!(ana.delete(&format!("/api/invitations/{}", revoked.text("id"))).await.status, 204);
    let late = ana.post("/api/invitations", json!({ "email": "e@f.gh", "role": "agent" })).await;
    let pass = "update invitations set expires_at = now() where revoked_at is null";
    sqlx::query(pass).execute(&desk.rig.database).await.unwrap();
    for token in [revoked.text("token"), late.text("token"), "wli_nonsense".to_owned()] {
        let reply = desk.nobody().post("/api/auth/accept-invitation", accept(&token)).await;
        assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    }
    assert_eq!(ana.get("/api/users").await.body["data"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_invited_to_more_than_the_inviter_may_or_past_the_limit() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let above = ana.post("/api/invitations", json!({ "email": "a@b.cd", "role": "admin" })).await;
    assert_eq!(above.refusal(), refused(403, "forbidden"));
    sqlx::query("update tenants set max_users = 2").execute(&desk.rig.database).await.unwrap();
    assert_eq!(ana.post("/api/invitations", json!({ "email": "a@b.cd", "role": "agent" })).await.status, 201);
    let full = ana.post("/api/invitations", json!({ "email": "e@f.gh", "role": "agent" })).await;
    assert_eq!(full.refusal(), refused(409, "refused"));
    let instead = ana.post("/api/invitations", json!({ "email": "a@b.cd", "role": "manager" })).await;
    assert_eq!(instead.status, 201, "it takes the place of the one before: {}", instead.body);
}
