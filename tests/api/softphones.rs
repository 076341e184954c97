//! Tokens of softphones over HTTP: for whom they are, and what they say.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::Method;
use serde_json::{Value, json};
use warmline_workflows::agent;

use crate::agents::login;
use crate::desk::{Desk, Person};
use crate::support::{ACCOUNT, KEY, OWN_ACCOUNT, OWN_KEY, OWN_TOKEN, Spec};

const PATH: &str = "/api/agents/me/softphone-token";

/// Somebody who takes calls in the browser, and its name at the carrier.
async fn in_browser<'a>(desk: &'a Desk, boss: &Person<'a>, name: &str) -> (Person<'a>, String) {
    let (person, user) = login(desk, boss, name).await;
    let draft = json!({ "name": name, "phone": "+12125550150", "reach": "browser", "user_id": user });
    let made = boss.post("/api/agents", draft).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let identity = agent::identity(boss.tenant.parse().unwrap(), made.text("id").parse().unwrap());
    (person, identity)
}

/// What a token says, once its signature is checked.
fn opened(token: &str, secret: &str) -> Value {
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!((header.alg, header.cty.as_deref()), (Algorithm::HS256, Some("twilio-fpa;v=1")));
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_nbf = true;
    jsonwebtoken::decode(token, &DecodingKey::from_secret(secret.as_bytes()), &validation).unwrap().claims
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_for_the_agent_itself_and_of_the_account_that_is_called_on() {
    let desk = Desk::with(Spec { agents: 0, softphones: true, ..Spec::default() }).await;
    let ana = desk.register("Acme").await;
    let (maya, identity) = in_browser(&desk, &ana, "maya").await;
    let (noor, other) = in_browser(&desk, &ana, "noor").await;
    let issued = maya.post(PATH, json!({})).await;
    assert_eq!((issued.status.as_u16(), issued.text("identity")), (201, identity.clone()), "{}", issued.body);
    let claims = opened(&issued.text("token"), KEY.1);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(KEY.0), &json!(ACCOUNT)));
    assert_eq!(claims["grants"], json!({ "identity": identity, "voice": { "incoming": { "allow": true } } }));
    let expires_at: jiff::Timestamp = issued.text("expires_at").parse().unwrap();
    assert_eq!(claims["exp"], expires_at.as_second());
    let left_s = expires_at.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((3500..=3600).contains(&left_s), "good for {left_s} s");
    assert_eq!(opened(&noor.post(PATH, json!({})).await.text("token"), KEY.1)["grants"]["identity"], other);
    let log = ana.get("/api/audit-log").await.body.to_string();
    assert!(!log.contains(&issued.text("token")) && !log.contains(KEY.1), "{log}");

    // The account of one's own: without a key it has no softphones, whatever the installation has.
    let mut own = json!({ "account_sid": OWN_ACCOUNT, "auth_token": OWN_TOKEN });
    assert_eq!(ana.put("/api/tenant/carrier", own.clone()).await.status, 200);
    assert_eq!(maya.post(PATH, json!({})).await.refusal(), (409, "softphone_not_configured".to_owned()));
    own["api_key_sid"] = json!(OWN_KEY.0);
    own["api_key_secret"] = json!(OWN_KEY.1);
    own["application_sid"] = json!("AP00000000000000000000000000000002");
    let set = ana.put("/api/tenant/carrier", own).await;
    assert_eq!((set.status.as_u16(), &set.body["api_key_sid"]), (200, &json!(OWN_KEY.0)), "{}", set.body);
    assert!(!set.body.to_string().contains(OWN_KEY.1), "{}", set.body);
    let claims = opened(&maya.post(PATH, json!({})).await.text("token"), OWN_KEY.1);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(OWN_KEY.0), &json!(OWN_ACCOUNT)));
    let outgoing = json!({ "application_sid": "AP00000000000000000000000000000002" });
    assert_eq!(claims["grants"]["voice"]["outgoing"], outgoing);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_called_in_the_browser_gets_no_token() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    assert_eq!(
        ana.post(PATH, json!({})).await.refusal(),
        (404, "not_found".to_owned()),
        "she takes no calls"
    );
    assert_eq!(desk.nobody().post(PATH, json!({})).await.status, 401);
    let (maya, _) = in_browser(&desk, &ana, "maya").await;
    let none = maya.post(PATH, json!({})).await;
    assert_eq!(none.refusal(), (409, "softphone_not_configured".to_owned()));
    assert!(none.text("detail").contains("your telephone is called instead"), "{}", none.body);
    let path = format!("/api/agents/{}", maya.get("/api/agents/me").await.text("id"));
    assert_eq!(ana.put(&path, json!({ "reach": "phone" })).await.status, 200);
    assert_eq!(maya.post(PATH, json!({})).await.refusal(), (409, "reached_by_phone".to_owned()));
    assert_eq!(maya.send(Method::GET, PATH, &[], None).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_taken_when_the_carrier_takes_it() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let with = |more: Value| {
        let mut draft = json!({ "account_sid": OWN_ACCOUNT, "auth_token": OWN_TOKEN });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        draft
    };
    let (sid, secret) = OWN_KEY;
    for (more, field) in [
        (json!({ "api_key_sid": sid }), "api_key_secret"),
        (json!({ "api_key_secret": secret }), "api_key_sid"),
        (json!({ "application_sid": "AP1" }), "application_sid"),
        (json!({ "api_key_sid": "S K", "api_key_secret": secret }), "api_key_sid"),
        (json!({ "api_key_sid": sid, "api_key_secret": "wrong" }), "api_key_secret"),
        (json!({ "api_key_sid": KEY.0, "api_key_secret": KEY.1 }), "api_key_secret"),
    ] {
        let reply = ana.put("/api/tenant/carrier", with(more.clone())).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), field.to_owned()), "{more}");
        assert!(!reply.body.to_string().contains(secret), "{}", reply.body);
    }
    assert_eq!(ana.get("/api/tenant/carrier").await.body["is_own"], false, "nothing was kept");
}
