//! What happens in an installation reaches the organisation's own endpoint: through lost Redis data, dead
//! workers, and an endpoint that was away.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use warmline_engine::endpoints::{NewEndpoint, Secret};
use warmline_engine::feed::From;
use warmline_workflows::EndpointId;
use warmline_workflows::agent::Presence;
use warmline_workflows::delivery::State;

use secrecy::ExposeSecret as _;
use support::processes::{End, Role};
use support::site::Site;
use support::{Rig, Spec, phone, until};

/// In place of a status: the endpoint says nothing.
const SILENT: u16 = 0;
/// The answer of an endpoint that took what it was sent.
const TAKEN: u16 = 204;

/// An endpoint that keeps what it is sent.
struct Endpoint {
    address: SocketAddr,
    /// What it answers with.
    status: Arc<AtomicU16>,
    received: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Endpoint {
    async fn start() -> Self {
        let (status, received) = (Arc::new(AtomicU16::new(TAKEN)), Arc::<Mutex<Vec<_>>>::default());
        let (answer, kept) = (Arc::clone(&status), Arc::clone(&received));
        let take = async move |headers: HeaderMap, body: Bytes| {
            let status = answer.load(Ordering::SeqCst);
            if status == SILENT {
                std::future::pending::<()>().await;
            }
            if status == TAKEN {
                kept.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
            }
            StatusCode::from_u16(status).unwrap()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/hooks", post(take))).await });
        Self { address, status, received }
    }

    async fn register(&self, rig: &Rig) -> (EndpointId, Secret) {
        let new = NewEndpoint {
            url: format!("http://{}/hooks", self.address),
            description: String::new(),
            kinds: Vec::new(),
        };
        let id = EndpointId(uuid::Uuid::now_v7());
        rig.engine.add_endpoint(rig.tenant, id, &new).await.unwrap();
        (id, rig.engine.endpoint_secret(rig.tenant, id).await.unwrap())
    }

    /// The ids of what it was sent, each once.
    fn ids(&self) -> BTreeSet<String> {
        let received = self.received.lock().unwrap();
        received.iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned()).collect()
    }
}

/// HMAC-SHA-256 by the definition of RFC 2104, and not by the library that signed.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

/// Where the feed ends now.
async fn now(rig: &Rig) -> From {
    From::After(rig.engine.events_after(rig.tenant, From::Now, &[], 1).await.unwrap().next)
}

/// The ids of everything in the feed from there on.
async fn told(rig: &Rig, mut from: From) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    loop {
        let page = rig.engine.events_after(rig.tenant, from, &[], 500).await.unwrap();
        told.extend(page.entries.iter().map(|entry| entry.id.to_string()));
        from = From::After(page.next);
        if !page.more {
            return told;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_told_to_an_endpoint_signed_and_again_until_it_is_taken() {
    let rig = Rig::start(Spec::default()).await;
    let from = now(&rig).await;
    let endpoint = Endpoint::start().await;
    let (id, secret) = endpoint.register(&rig).await;
    endpoint.status.store(500, Ordering::SeqCst);
    rig.call(&[&phone(1)]).await;
    rig.finished().await;
    until("an attempt failed", Duration::from_secs(20), async || {
        let pending = rig.engine.deliveries(rig.tenant, id, Some(State::Pending), (None, 100)).await.unwrap();
        pending.iter().any(|delivery| delivery.last_status == Some(500))
    })
    .await;
    endpoint.status.store(TAKEN, Ordering::SeqCst);
    until("the endpoint knows all that the feed does", Duration::from_secs(60), async || {
        let told = told(&rig, from).await;
        told.len() > 5 && told.is_subset(&endpoint.ids())
    })
    .await;
    for (headers, body) in endpoint.received.lock().unwrap().iter() {
        let header = |name: &str| headers[name].to_str().unwrap();
        let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
        let expected = format!("v1,{}", STANDARD.encode(hmac(secret.bytes(), signed.as_bytes())));
        assert_eq!(header("webhook-signature"), expected);
        let entry: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(entry["id"], header("webhook-id"));
        assert!(entry["type"].is_string() && entry["timestamp"].is_string() && entry["data"].is_object());
    }
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_worker_and_an_empty_redis_cost_an_endpoint_time_and_nothing_else() {
    let site = Site::make("deliveries", Spec::default()).await;
    let rig = &site.rig;
    let from = now(rig).await;
    let endpoint = Endpoint::start().await;
    let (id, _) = endpoint.register(rig).await;
    endpoint.status.store(SILENT, Ordering::SeqCst);
    let fleet = site.staff(&[Role::Work, Role::Schedule], None).await;
    for presence in [Presence::Break, Presence::Available, Presence::Offline] {
        rig.set_presence(rig.agents[0], presence).await;
    }
    until("a delivery is under way", Duration::from_secs(20), async || {
        let pending = rig.engine.deliveries(rig.tenant, id, Some(State::Pending), (None, 100)).await.unwrap();
        pending.iter().any(|delivery| delivery.attempts == 1 && delivery.last_error.is_none())
    })
    .await;
    fleet.kill(0, Duration::from_millis(200));
    let client = redis::Client::open(rig.setup.redis_url.expose_secret()).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("FLUSHALL").query_async::<()>(&mut redis).await.unwrap();
    endpoint.status.store(TAKEN, Ordering::SeqCst);
    until("the endpoint knows all that the feed does", Duration::from_secs(90), async || {
        let told = told(rig, from).await;
        told.len() >= 3 && told.is_subset(&endpoint.ids())
    })
    .await;
    assert_eq!(fleet.count(Role::Work, &End::Killed), 1);
    let complaints = fleet.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
    drop(fleet);
    site.close().await;
}
