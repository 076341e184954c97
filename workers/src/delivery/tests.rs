//! The courier against servers that behave, and that do not.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::value::RawValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;
use warmline_engine::endpoints::Secret;
use warmline_engine::feed::Entry;
use warmline_workflows::EventId;
use warmline_workflows::feed::Kind;

use super::*;

/// What a server does with a request once it has read it.
#[derive(Clone, Copy)]
enum Manner {
    /// Answers with these bytes and keeps the connection.
    Says(&'static str),
    /// Answers and never ends.
    Babbles,
    /// Says nothing.
    Sleeps,
    /// Closes the connection.
    HangsUp,
}

struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
        };
        let (requests, connections) = (Arc::clone(&server.requests), Arc::clone(&server.connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, manner, Arc::clone(&requests)));
            }
        });
        server
    }

    fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/hooks", self.address.port())
    }
}

async fn serve(mut stream: TcpStream, manner: Manner, requests: Arc<Mutex<Vec<String>>>) {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        // Requests of the courier are small: one read, or two, and they end with the entry.
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(length) => text.push_str(&String::from_utf8_lossy(&buffer[..length])),
        }
        if !text.ends_with("}}") {
            continue;
        }
        requests.lock().unwrap().push(std::mem::take(&mut text));
        match manner {
            Manner::Says(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            Manner::HangsUp => return,
            Manner::Sleeps => std::future::pending().await,
            Manner::Babbles => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await.unwrap();
                while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
                return;
            }
        }
    }
}

fn parcel(url: String) -> Parcel {
    Parcel {
        url,
        secrets: vec![Secret::random()],
        entry: Entry {
            id: EventId(Uuid::from_u64_pair(1, 42)),
            kind: Kind::DncListed,
            at: "2026-11-23T15:00:00Z".parse().unwrap(),
            data: RawValue::from_string(r#"{"numbers":1}"#.to_owned()).unwrap(),
        },
    }
}

fn courier(reach: Reach) -> Courier {
    Courier::new(Rules { ports: vec![443], reach }, system_lookup()).unwrap()
}

fn now() -> Timestamp {
    "2026-11-23T15:00:01Z".parse().unwrap()
}

fn failed(status: Option<u16>, why: &str) -> Attempted {
    Attempted::Failed { status, why: why.to_owned(), retry_after: None }
}

#[tokio::test]
async fn a_delivery_carries_the_entry_and_the_headers_of_the_standard() {
    let server = Server::start(Manner::Says("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let parcel = parcel(server.url("127.0.0.1"));
    let courier = courier(Reach::Loopback);
    for _ in 0..2 {
        assert_eq!(courier.attempt(&parcel, now()).await, Attempted::Delivered { status: 204 });
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1, "the connection is kept");
    let requests = server.requests.lock().unwrap();
    assert_eq!(requests[0], requests[1], "a repetition is the same to the byte");
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let id = "evt_0000000000000001000000000000002a";
    let expected = format!(
        r#"{{"id":"{id}","type":"dnc.listed","timestamp":"2026-11-23T15:00:00Z","data":{{"numbers":1}}}}"#
    );
    assert_eq!(body, expected);
    let signature = signature::of(&[parcel.secrets[0].bytes()], id, now().as_second(), body);
    for line in [
        "POST /hooks HTTP/1.1",
        "content-type: application/json",
        &format!("webhook-id: {id}"),
        &format!("webhook-timestamp: {}", now().as_second()),
        &format!("webhook-signature: {signature}"),
    ] {
        assert!(head.lines().any(|is| is == line), "{line} is not in {head}");
    }
}

#[tokio::test]
async fn answers_are_told_apart_and_never_echoed() {
    for (manner, expected) in [
        (
            Manner::Says("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret"),
            Attempted::Delivered { status: 200 },
        ),
        (Manner::Babbles, Attempted::Delivered { status: 200 }),
        (Manner::Says("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"), Attempted::Gone { status: 410 }),
        (
            Manner::Says("HTTP/1.1 500 Oh\r\ncontent-length: 6\r\n\r\nsecret"),
            failed(Some(500), "it did not answer with a success"),
        ),
        (
            Manner::Says("HTTP/1.1 503 Later\r\nretry-after: 77\r\ncontent-length: 0\r\n\r\n"),
            Attempted::Failed {
                status: Some(503),
                why: "it did not answer with a success".to_owned(),
                retry_after: Some(Duration::from_secs(77)),
            },
        ),
        (
            Manner::Says(
                "HTTP/1.1 302 There\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n",
            ),
            failed(Some(302), "it led elsewhere, where we do not follow"),
        ),
        (Manner::Says("no HTTP at all\r\n\r\n"), failed(None, "the connection broke")),
        (Manner::HangsUp, failed(None, "the connection broke")),
    ] {
        let server = Server::start(manner).await;
        let attempted = courier(Reach::Loopback).attempt(&parcel(server.url("127.0.0.1")), now()).await;
        assert_eq!(attempted, expected);
    }
}

#[tokio::test]
async fn a_redirect_to_another_server_is_not_followed() {
    let other = Server::start(Manner::Says("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).await;
    let answer =
        format!("HTTP/1.1 307 There\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", other.url("127.0.0.1"));
    let server = Server::start(Manner::Says(answer.leak())).await;
    let attempted = courier(Reach::Loopback).attempt(&parcel(server.url("127.0.0.1")), now()).await;
    assert!(matches!(attempted, Attempted::Failed { status: Some(307), .. }), "{attempted:?}");
    assert_eq!(other.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn who_says_nothing_is_given_up_after_five_seconds() {
    let server = Server::start(Manner::Sleeps).await;
    let began = Instant::now();
    let attempted = courier(Reach::Loopback).attempt(&parcel(server.url("localhost")), now()).await;
    assert_eq!(attempted, failed(None, "no answer within 5 s"));
    assert!((5..8).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert_eq!(server.requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_where_the_rules_do_not_allow_it() {
    let server = Server::start(Manner::Says("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).await;
    // Such a URL may have been stored under other rules.
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
        let attempted = courier(Reach::Internet).attempt(&parcel(server.url(host)), now()).await;
        assert_eq!(attempted, failed(None, "its URL is refused: it does not begin with https://"), "{host}");
    }
    let port = server.address.port();
    for (url, expected) in [
        (format!("https://127.0.0.1:{port}/"), "its URL is refused: its host is a number; give a name"),
        (
            format!("https://crm.example.com:{port}/"),
            "its URL is refused: its port is not one that this installation allows",
        ),
    ] {
        assert_eq!(courier(Reach::Internet).attempt(&parcel(url), now()).await, failed(None, expected));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

/// A name that leads to an allowed address when it is asked for first, and into our network afterwards.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_asked_once_for_each_connection_and_checked_each_time() {
    let server =
        Server::start(Manner::Says("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"))
            .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |name| {
        assert_eq!(name, "localhost");
        let address: IpAddr = match count.fetch_add(1, Ordering::SeqCst) {
            0 => [127, 0, 0, 1].into(),
            _ => [169, 254, 169, 254].into(),
        };
        Box::pin(async move { Ok(vec![SocketAddr::from((address, 0))]) })
    });
    let courier = Courier::new(Rules { ports: vec![443], reach: Reach::Loopback }, lookup).unwrap();
    let parcel = parcel(server.url("localhost"));
    assert_eq!(courier.attempt(&parcel, now()).await, Attempted::Delivered { status: 200 });
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what was checked is what was connected to");
    let refused = failed(None, "its host is not on the open internet");
    assert_eq!(courier.attempt(&parcel, now()).await, refused);
    assert_eq!((asked.load(Ordering::SeqCst), server.connections.load(Ordering::SeqCst)), (2, 1));
}

#[tokio::test]
async fn in_production_a_name_that_leads_home_is_refused() {
    for address in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00:ec2::254"] {
        let address: IpAddr = address.parse().unwrap();
        let lookup: Lookup =
            Arc::new(move |_| Box::pin(async move { Ok(vec![SocketAddr::from((address, 0))]) }));
        let courier = Courier::new(Rules { ports: vec![443], reach: Reach::Internet }, lookup).unwrap();
        let attempted = courier.attempt(&parcel("https://crm.example.com/".to_owned()), now()).await;
        assert_eq!(attempted, failed(None, "its host is not on the open internet"), "{address}");
    }
}
