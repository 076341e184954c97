//! Live connections, the board, and the desk over HTTP.

use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::agents::login;
use crate::calls::{End, Floor};
use crate::desk::{Desk, Person};

struct Live(WebSocketStream<MaybeTlsStream<TcpStream>>);

async fn ticket(person: &Person<'_>) -> String {
    let made = person.post("/api/live/tickets", json!({})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.text("ticket")
}

impl Live {
    /// What the server answers with, if it does not let the page of this origin in.
    async fn try_open(desk: &Desk, query: &str, origin: &str) -> Result<Self, u16> {
        let base = desk.rig.setup.public_base.as_str().replace("http://", "ws://");
        let mut request = format!("{base}api/live?{query}").into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    async fn open(desk: &Desk, person: &Person<'_>, cursor: Option<&str>) -> Self {
        let mut query = format!("ticket={}", ticket(person).await);
        query.extend(cursor.map(|cursor| format!("&cursor={cursor}")));
        let origin = desk.rig.setup.public_base.origin().ascii_serialization();
        Self::try_open(desk, &query, &origin).await.unwrap()
    }

    async fn next(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.unwrap();
            if let Message::Text(text) = message.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// The next events, by type, and the cursor behind them.
    async fn events(&mut self) -> (Vec<String>, String) {
        loop {
            let message = self.next().await;
            if message["type"] == "events" {
                let events = message["events"].as_array().unwrap().iter();
                let types = events.map(|event| event["type"].as_str().unwrap().to_owned()).collect();
                return (types, message["cursor"].as_str().unwrap().to_owned());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_as_it_happens_and_nothing_is_missed_in_between() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let ana = &floor.boss;
    let bob = desk.register("Other").await;
    let mut live = Live::open(&desk, ana, None).await;
    let mut others = Live::open(&desk, &bob, None).await;
    let hello = live.next().await;
    assert_eq!((&hello["type"], &hello["agent_id"]), (&json!("hello"), &Value::Null));
    let path = format!("/api/campaigns/{}", floor.campaign);
    ana.post(&format!("{path}/pause"), json!({})).await;
    let (told, cursor) = live.events().await;
    assert_eq!(told, ["campaign.paused"]);
    drop(live);

    // While nobody is connected.
    ana.post(&format!("{path}/resume"), json!({})).await;
    ana.post("/api/dnc", json!({ "phone": "+12125550179" })).await;
    let mut live = Live::open(&desk, ana, Some(&cursor)).await;
    let mut told = Vec::new();
    while told.len() < 2 {
        told.extend(live.events().await.0);
    }
    assert_eq!(told, ["campaign.started", "dnc.listed"]);
    ana.post(&format!("{path}/pause"), json!({})).await;
    assert_eq!(live.events().await.0, ["campaign.paused"], "and not again what was told before");

    // The other organisation has heard nothing but that its connection stands.
    assert_eq!(others.next().await["type"], "hello");
    assert_eq!(others.next().await["type"], "beat");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_connection_for_a_page_of_ours() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let own = desk.rig.setup.public_base.origin().ascii_serialization();
    let refusal = async |query: &str, origin: &str| Live::try_open(&desk, query, origin).await.err();
    let shown = format!("ticket={}", ticket(&ana).await);
    assert_eq!(refusal(&shown, "https://evil.example.com").await, Some(403));
    assert_eq!(refusal(&format!("{shown}&cursor=x"), &own).await, Some(422));
    assert_eq!(refusal(&shown, &own).await, None, "what was refused did not use it up");
    assert_eq!(refusal(&shown, &own).await, Some(401), "a second time");
    assert_eq!(refusal("ticket=wlt_x", &own).await, Some(401));
    assert_eq!(refusal("", &own).await, Some(422));
    let plain = ana.get(&format!("/api/live?ticket={}", ticket(&ana).await)).await;
    assert_eq!(plain.refusal(), (426, "upgrade_required".to_owned()));
    // An allowed origin, and a ticket that is too old.
    let late = ticket(&ana).await;
    let age = sqlx::query("update live_tickets set expires_at = now() - interval '1 second'");
    age.execute(&desk.rig.database).await.unwrap();
    assert_eq!(refusal(&format!("ticket={late}"), "https://crm.example.com").await, Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_hears_of_itself_alone_and_is_offline_once_its_console_is_gone() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let (maya, user) = login(&desk, &floor.boss, "maya").await;
    let agent = json!({ "name": "Maya B", "phone": "+12125550151", "user_id": user });
    let id = floor.boss.post("/api/agents", agent).await.text("id");
    let status = |status: &str| json!({ "status": status });
    let mut live = Live::open(&desk, &maya, None).await;
    assert_eq!(live.next().await["agent_id"], json!(id));
    // Another agent's, and a campaign's.
    floor.boss.put(&format!("/api/agents/{}/status", floor.agent), status("break")).await;
    floor.boss.post(&format!("/api/campaigns/{}/pause", floor.campaign), json!({})).await;
    maya.put(&format!("/api/agents/{id}/status"), status("available")).await;
    assert_eq!(live.events().await.0, ["agent.presence_changed"]);
    assert_eq!(maya.get("/api/live/board").await.status, 403);
    assert_eq!(maya.get("/api/agents/me/desk").await.body["agent"]["presence"], "available");

    drop(live);
    let gone =
        "update agents set console_seen_at = now() - interval '31 seconds' where console_seen_at is not null";
    assert_eq!(sqlx::query(gone).execute(&desk.rig.database).await.unwrap().rows_affected(), 1);
    assert_eq!(desk.rig.engine.leave_consoles(desk.rig.now()).await.unwrap(), 1);
    let own = maya.get("/api/agents/me/desk").await;
    assert_eq!(own.body["agent"]["presence"], "offline");
    assert_eq!(own.body["agent"]["presence_reason"], "console_gone");
    assert_eq!(desk.rig.engine.leave_consoles(desk.rig.now()).await.unwrap(), 0, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_over_ends_its_connections() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let mut live = Live::open(&desk, &ana, None).await;
    assert_eq!(live.next().await["type"], "hello");
    ana.post("/api/auth/logout", json!({})).await;
    let closed = async {
        loop {
            match live.0.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| u16::from(frame.code)),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(15), closed).await.unwrap(), Some(4401));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_shows_agents_and_open_calls() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let open = floor.call(floor.campaign, 0, End::Open).await;
    floor.call(floor.campaign, 1, End::Busy).await;
    let board = floor.boss.get("/api/live/board").await;
    assert_eq!(board.status, 200, "{}", board.body);
    assert_eq!(board.body["agents"][0]["id"], json!(floor.agent));
    assert_eq!((&board.body["calls"][0]["id"], &board.body["calls"][1]), (&json!(open), &Value::Null));
    assert_eq!(board.body["calls_by_state"], json!({ "dialing": 1 }));
    // What happened before it is not told behind it.
    let events = floor.boss.get(&format!("/api/events?cursor={}", board.text("cursor"))).await;
    assert_eq!(events.body["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_for_the_agent_of_the_call_and_managers() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let call = floor.call(floor.campaign, 0, End::WrapUp).await;
    let (maya, user) = login(&desk, &floor.boss, "maya").await;
    let (bo, _) = login(&desk, &floor.boss, "bo").await;
    floor.boss.put(&format!("/api/agents/{}", floor.agent), json!({ "user_id": user })).await;
    let path = format!("/api/calls/{call}/notes");
    let notes = |text: &str| json!({ "notes": text });
    assert_eq!(maya.put(&path, notes("Decides in January")).await.status, 204);
    assert_eq!(bo.put(&path, notes("x")).await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(floor.boss.get(&format!("/api/calls/{call}")).await.body["notes"], "Decides in January");
    let long = notes(&"n".repeat(10_001));
    assert_eq!(maya.put(&path, long).await.wrong(), (422, "invalid_field".to_owned(), "notes".to_owned()));

    let write_up = format!("/api/calls/{call}/disposition");
    let asked = |at: &str| json!({ "disposition": "answered", "call_back_at": at });
    let past = maya.post(&write_up, asked("2020-01-01T00:00:00Z")).await;
    assert_eq!(past.wrong(), (422, "invalid_field".to_owned(), "call_back_at".to_owned()));
    let soon = (desk.rig.now() + jiff::SignedDuration::from_hours(24)).to_string();
    assert_eq!(maya.post(&write_up, asked(&soon)).await.status, 200);
    let lead = floor.boss.get(&format!("/api/calls/{call}")).await.text("lead_id");
    let lead = floor.boss.get(&format!("/api/leads/{lead}")).await;
    assert_eq!(lead.body["status"], "waiting", "{}", lead.body);
    assert!(lead.body["next_call_at"].as_str().unwrap() >= soon.as_str(), "{} {soon}", lead.body);
    // Erased with the lead.
    floor.boss.delete(&format!("/api/leads/{}?erase=true", lead.text("id"))).await;
    assert_eq!(floor.boss.get(&format!("/api/calls/{call}")).await.body["notes"], "");
}
