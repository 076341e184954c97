//! The rig: a simulator, and a small server that plays its customer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use warmline_simulator::{CallRecord, Config, Handle, Scenario, Script, Simulator};
use warmline_twilio::signature;
use warmline_workflows::Timeline;

pub(crate) const LEAD: &str = "+14155550111";
pub(crate) const AGENT: &str = "+14155550122";
pub(crate) const FROM: &str = "+14155550100";
/// How long a test waits in real time before it fails.
const DEADLINE: Duration = Duration::from_secs(20);

/// A request that the simulator made.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) token: String,
    pub(crate) user_agent: String,
    pub(crate) is_signed: bool,
}

impl Received {
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// What the customer answers on a path.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

/// The customer: answers scripted documents, and remembers everything.
#[derive(Default)]
pub(crate) struct Customer {
    auth_token: String,
    pub(crate) origin: String,
    answers: Mutex<HashMap<String, Vec<Answer>>>,
    received: Mutex<Vec<Received>>,
    changed: Notify,
}

impl Customer {
    async fn start(auth_token: String) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let customer = Arc::new(Self { auth_token, origin, ..Self::default() });
        let router = Router::new().fallback(receive).with_state(Arc::clone(&customer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        customer
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Answers a path with TwiML from now on.
    pub(crate) fn twiml(&self, path: &str, verbs: &str) {
        let body = format!("<Response>{verbs}</Response>");
        self.answer(path, vec![Answer { status: 200, content_type: "text/xml", body }]);
    }

    /// Answers a path in turn; the last answer repeats.
    pub(crate) fn answer(&self, path: &str, answers: Vec<Answer>) {
        self.answers.lock().unwrap().insert(path.to_owned(), answers);
    }

    /// Has so many seconds of sound at a path from now on.
    pub(crate) fn sound(&self, path: &str, seconds: u32) {
        self.answer(path, vec![Answer { status: 200, content_type: "audio/wav", body: wav(seconds) }]);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// All requests to a path so far.
    pub(crate) fn received_at(&self, path: &str) -> Vec<Received> {
        self.received().into_iter().filter(|request| request.path == path).collect()
    }

    /// Waits until something holds of the received requests.
    pub(crate) async fn until<T>(&self, what: &str, mut found: impl FnMut(&[Received]) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let changed = self.changed.notified();
                if let Some(value) = found(&self.received()) {
                    return value;
                }
                changed.await;
            }
        };
        match tokio::time::timeout(DEADLINE, waiting).await {
            Ok(value) => value,
            Err(_) => panic!("no {what} within {DEADLINE:?}; received: {:#?}", self.received()),
        }
    }

    /// Waits for the first request to a path with a field of some value.
    pub(crate) async fn request(&self, path: &str, (name, value): (&str, &str)) -> Received {
        self.until(&format!("{path} with {name}={value}"), |received| {
            received.iter().find(|request| request.path == path && request.get(name) == value).cloned()
        })
        .await
    }

    pub(crate) fn assert_all_signed(&self) {
        let unsigned: Vec<_> = self.received().into_iter().filter(|request| !request.is_signed).collect();
        assert!(unsigned.is_empty(), "{unsigned:#?}");
    }
}

/// What `/music.wav` weighs for each of its seconds, and besides.
pub(crate) const SECOND_BYTES: u32 = 1024;
pub(crate) const HEADER_BYTES: u32 = 44;

/// Silence as a file whose every byte is a character: mu-law, at a rate that only a test would choose.
fn wav(seconds: u32) -> String {
    let long = |number: u32| number.to_le_bytes();
    let (kind, sizes) = ([7, 0, 1, 0], [1, 0, 8, 0]);
    let format = [kind, long(SECOND_BYTES), long(SECOND_BYTES), sizes].concat();
    let mut file =
        [b"RIFF", &[0; 4][..], b"WAVEfmt ", &long(16), &format, b"data", &long(SECOND_BYTES * seconds)]
            .concat();
    file.resize((HEADER_BYTES + SECOND_BYTES * seconds) as usize, 0);
    String::from_utf8(file).unwrap()
}

async fn receive(
    State(customer): State<Arc<Customer>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let url = format!("{}{uri}", customer.origin);
    let posted: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let is_signed = signature::sign(&customer.auth_token, &url, &posted) == header("x-twilio-signature");
    let query = uri.query().unwrap_or_default().to_owned();
    let fields = if method == Method::GET {
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    } else {
        posted
    };
    customer.received.lock().unwrap().push(Received {
        method,
        path: uri.path().to_owned(),
        query,
        fields,
        token: header("i-twilio-idempotency-token"),
        user_agent: header("user-agent"),
        is_signed,
    });
    let answer = match customer.answers.lock().unwrap().get_mut(uri.path()) {
        None => None,
        Some(answers) if answers.len() > 1 => Some(answers.remove(0)),
        Some(answers) => answers.first().cloned(),
    };
    customer.changed.notify_waiters();
    match answer {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Answer { status, content_type, body }) => {
            (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, content_type)], body)
                .into_response()
        }
    }
}

/// A simulator with its customer.
pub(crate) struct Rig {
    pub(crate) simulator: Handle,
    pub(crate) customer: Arc<Customer>,
    pub(crate) api: Api,
}

/// The carrier's API with the account's credentials.
#[derive(Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    pub(crate) origin: String,
    pub(crate) account: String,
    pub(crate) auth_token: String,
}

/// The settings of most tests: a hundred seconds pass in one, and calls start without a queue.
pub(crate) fn config(scripts: &[(&str, Scenario)]) -> Config {
    let now = Timestamp::now();
    Config {
        timeline: Timeline { real_start: now, business_start: now, factor: 100.0 },
        cps: 1000.0,
        scripts: scripts.iter().map(|(number, scenario)| script(number, scenario)).collect(),
        ..Config::default()
    }
}

fn script(number: &str, scenario: &Scenario) -> (String, Script) {
    (number.to_owned(), Script::Always(scenario.clone()))
}

impl Rig {
    pub(crate) async fn start(config: Config) -> Self {
        let customer = Customer::start(config.auth_token.clone()).await;
        Self::start_for(customer, config).await
    }

    /// Starts a simulator for a customer that is there already.
    pub(crate) async fn start_for(customer: Arc<Customer>, config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (account, auth_token) = (config.account_sid.clone(), config.auth_token.clone());
        let simulator = Simulator::start(config, listener).unwrap();
        let http = reqwest::Client::new();
        let api = Api { http, origin: simulator.origin(), account, auth_token };
        Self { simulator, customer, api }
    }

    /// Places a call with all status events and more parameters; returns its sid.
    pub(crate) async fn call(&self, to: &str, extra: &[(&str, &str)]) -> String {
        let (status, body) = self.try_call(to, extra).await.unwrap();
        assert_eq!(status, 201, "{body}");
        body["sid"].as_str().unwrap().to_owned()
    }

    /// Like `call`, for answers other than 201, and none at all.
    pub(crate) async fn try_call(&self, to: &str, extra: &[(&str, &str)]) -> reqwest::Result<(u16, Value)> {
        let (answer, status) = (self.customer.url("/answer"), self.customer.url("/status"));
        let mut params = vec![("To", to), ("From", FROM), ("StatusCallback", &status)];
        params.extend(
            ["initiated", "ringing", "answered", "completed"].map(|event| ("StatusCallbackEvent", event)),
        );
        if !extra.iter().any(|(name, _)| matches!(*name, "Url" | "Twiml")) {
            params.push(("Url", &answer));
        }
        params.extend(extra);
        self.api.try_post("/Calls.json", &params).await
    }

    pub(crate) fn record(&self, sid: &str) -> CallRecord {
        self.simulator.ledger().call(sid).unwrap()
    }

    /// Waits until something holds that makes no request.
    pub(crate) async fn until<T>(&self, what: &str, mut found: impl FnMut(&Handle) -> Option<T>) -> T {
        let waiting = async {
            loop {
                if let Some(value) = found(&self.simulator) {
                    return value;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        match tokio::time::timeout(DEADLINE, waiting).await {
            Ok(value) => value,
            Err(_) => panic!("no {what} within {DEADLINE:?}; calls: {:#?}", self.simulator.ledger().calls()),
        }
    }

    pub(crate) async fn until_ended(&self, sid: &str) -> CallRecord {
        let ended = |simulator: &Handle| simulator.ledger().call(sid).filter(|call| call.ended.is_some());
        self.until(&format!("end of {sid}"), ended).await
    }
}

impl Api {
    /// The same API with other credentials.
    pub(crate) fn with(&self, account: &str, auth_token: &str) -> Self {
        Self { account: account.to_owned(), auth_token: auth_token.to_owned(), ..self.clone() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/2010-04-01/Accounts/{}{path}", self.origin, self.account)
    }

    pub(crate) async fn try_post(
        &self,
        path: &str,
        params: &[(&str, &str)],
    ) -> reqwest::Result<(u16, Value)> {
        let request = self.http.post(self.url(path)).form(params);
        self.send(request).await
    }

    pub(crate) async fn post(&self, path: &str, params: &[(&str, &str)]) -> (u16, Value) {
        self.try_post(path, params).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send(self.http.get(self.url(path))).await.unwrap()
    }

    /// Follows a link of an answer, which is relative to the origin.
    pub(crate) async fn follow(&self, uri: &str) -> (u16, Value) {
        self.send(self.http.get(format!("{}{uri}", self.origin))).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        self.send(self.http.delete(self.url(path))).await.unwrap()
    }

    pub(crate) async fn bytes(&self, url: &str) -> (u16, Vec<u8>) {
        let response =
            self.http.get(url).basic_auth(&self.account, Some(&self.auth_token)).send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
    }

    /// An answer that is no JSON reads as null.
    async fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<(u16, Value)> {
        let response = request.basic_auth(&self.account, Some(&self.auth_token)).send().await?;
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }
}
