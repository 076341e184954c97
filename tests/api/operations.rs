//! What a supervisor asks.

use reqwest::Method;
use serde_json::json;

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn a_process_says_how_it_is_and_what_it_did() {
    let desk = Desk::open().await;
    desk.register("Acme").await;
    assert_eq!(desk.nobody().get("/livez").await.body, "alive");
    let ready = desk.nobody().get("/readyz").await;
    assert_eq!((ready.status.as_u16(), &ready.body["database"]), (200, &json!("ok")));
    assert_eq!(desk.nobody().get("/metrics").await.status, 404, "not for the public");

    let metrics = desk.metrics().await;
    let registered = r#"warmline_http_requests_total{method="POST",route="/api/auth/register",status="201"}"#;
    assert!(metrics.contains(registered), "{metrics}");
    assert!(
        metrics.contains(r#"warmline_http_request_seconds_bucket{route="/api/auth/register""#),
        "{metrics}"
    );
    assert!(!metrics.contains("acme"), "nothing personal is a label: {metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_webhooks_are_still_taken() {
    let desk = Desk::without_redis().await;
    let ready = desk.nobody().get("/readyz").await;
    assert_eq!((ready.status.as_u16(), &ready.body["status"]), (200, &json!("degraded")), "{}", ready.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_listed_origins_may_ask_from_a_browser() {
    let desk = Desk::open().await;
    for (origin, expected) in
        [("https://crm.example.com", "https://crm.example.com"), ("https://evil.example.com", "")]
    {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "if-match"),
        ];
        let reply = desk.nobody().send(Method::OPTIONS, "/api/campaigns", &headers, None).await;
        assert_eq!(reply.header("access-control-allow-origin"), expected, "{reply:?}");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
}
