//! Webhooks: signed requests to the customer, with the carrier's rules of repetition.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header;
use tokio::time::Instant;
use uuid::Uuid;
use warmline_twilio::signature;

use crate::config::Dialect;
use crate::error::Error;
use crate::order::{Callback, Method};
use crate::target::{RetryOn, Target};

/// The decoded, ordered fields of a request.
pub(crate) type Fields = Vec<(String, String)>;

/// Sends requests to the customer.
pub(crate) struct Webhooks {
    auth_token: String,
    dialect: Dialect,
    allow_private_targets: bool,
    /// One client per connect timeout that is in use: a client has only one.
    clients: Mutex<HashMap<Duration, reqwest::Client>>,
}

/// An answer that settled a request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Why a request brought no usable answer, with the carrier's code for it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: u32,
    pub(crate) detail: String,
}

/// The largest document the carrier reads.
const BODY_MAX_BYTES: usize = 64 * 1024;
/// Pauses before the first, second, … repetition.
const PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(2)];

impl Webhooks {
    pub(crate) fn new(
        auth_token: String,
        dialect: Dialect,
        allow_private_targets: bool,
    ) -> Result<Self, Error> {
        let default =
            Target::parse("http://localhost/").map_or(Duration::ZERO, |target| target.connect_timeout);
        let clients = HashMap::from([(default, client(default).map_err(Error::Client)?)]);
        Ok(Self { auth_token, dialect, allow_private_targets, clients: Mutex::new(clients) })
    }

    /// Asks once, and again as the URL's overrides say, within the time they allow. `token` is
    /// the same for every repetition, which is how the customer recognises one.
    pub(crate) async fn exchange(
        &self,
        callback: &Callback,
        fields: &Fields,
        token: Uuid,
    ) -> Result<Reply, Failure> {
        let target = self.target(&callback.url)?;
        let signed = self.sign(&target, callback.method, fields);
        let client = self.client(target.connect_timeout)?;
        let deadline = Instant::now() + target.total_timeout;
        let mut attempt = 0;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let request = signed.request(&client, token).timeout(left.min(target.read_timeout));
            let outcome = attempt_once(request).await;
            let again = attempt < target.retries && outcome.is_worth_repeating(target.retry_on);
            let pause = PAUSES[(attempt as usize).min(PAUSES.len() - 1)];
            if !again || Instant::now() + pause >= deadline {
                return outcome.settle();
            }
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    /// Fetches what is not a document, such as audio: once, and as long as that takes.
    pub(crate) async fn get(&self, url: &str) -> Result<reqwest::Response, Failure> {
        let target = self.target(url)?;
        let signed = self.sign(&target, Method::Get, &Fields::new());
        let request = signed.request(&self.client(target.connect_timeout)?, Uuid::new_v4());
        let response = request.timeout(target.total_timeout).send().await;
        let response = response.map_err(|error| failure_after_connecting(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        Err(Failure { code: 11200, detail: format!("answered with status {status}") })
    }

    fn target(&self, url: &str) -> Result<Target, Failure> {
        let Some(target) = Target::parse(url) else {
            return Err(Failure { code: 11100, detail: format!("{url} is not a web URL") });
        };
        if !self.allow_private_targets && target.is_private() {
            return Err(Failure { code: 11205, detail: format!("{url} is not publicly reachable") });
        }
        Ok(target)
    }

    fn sign(&self, target: &Target, method: Method, fields: &Fields) -> Signed {
        let mut url = target.url.clone();
        let body = match method {
            Method::Get if fields.is_empty() => None,
            Method::Get => {
                url.query_pairs_mut().extend_pairs(fields);
                None
            }
            Method::Post => {
                Some(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
            }
        };
        // What is signed is what the customer sees in the request line, after the URL parser's
        // normalisation; user and password travel in a header and are not signed.
        let mut public = url.clone();
        // Both calls fail only for URLs that have no host, which a target always has.
        let _ = public.set_username("");
        let _ = public.set_password(None);
        let params = if body.is_some() { fields.as_slice() } else { &[] };
        let signature = signature::sign(&self.auth_token, public.as_str(), params);
        Signed { dialect: self.dialect, url, body, signature }
    }

    fn client(&self, connect_timeout: Duration) -> Result<reqwest::Client, Failure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&connect_timeout) {
            return Ok(client.clone());
        }
        let made = client(connect_timeout)
            .map_err(|error| Failure { code: 11200, detail: format!("no HTTP client: {error}") })?;
        clients.insert(connect_timeout, made.clone());
        Ok(made)
    }
}

fn client(connect_timeout: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent("TwilioProxy/1.1")
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::limited(10))
        .no_proxy()
        .build()
}

struct Signed {
    dialect: Dialect,
    url: url::Url,
    body: Option<String>,
    signature: String,
}

impl Signed {
    fn request(&self, client: &reqwest::Client, token: Uuid) -> reqwest::RequestBuilder {
        let request = match &self.body {
            None => client.get(self.url.clone()),
            Some(body) => client
                .post(self.url.clone())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
                .body(body.clone()),
        };
        match self.dialect {
            Dialect::Twilio => request
                .header("X-Twilio-Signature", &self.signature)
                .header("I-Twilio-Idempotency-Token", token.to_string()),
            Dialect::SignalWire => request.header("X-SignalWire-Signature", &self.signature),
        }
    }
}

enum Outcome {
    Answered(Reply),
    NoConnection(Failure),
    NoReply(Failure),
}

impl Outcome {
    fn is_worth_repeating(&self, retry_on: RetryOn) -> bool {
        match self {
            Self::Answered(Reply { status: 400..=499, .. }) => retry_on.client_error,
            Self::Answered(Reply { status: 500.., .. }) => retry_on.server_error,
            Self::Answered(_) => false,
            Self::NoConnection(_) => retry_on.no_connection,
            Self::NoReply(_) => retry_on.no_reply,
        }
    }

    fn settle(self) -> Result<Reply, Failure> {
        match self {
            Self::Answered(reply) if (200..300).contains(&reply.status) => Ok(reply),
            Self::Answered(reply) => {
                Err(Failure { code: 11200, detail: format!("answered with status {}", reply.status) })
            }
            Self::NoConnection(failure) | Self::NoReply(failure) => Err(failure),
        }
    }
}

async fn attempt_once(request: reqwest::RequestBuilder) -> Outcome {
    let mut response = match request.send().await {
        Ok(response) => response,
        Err(error) if error.is_connect() => {
            return Outcome::NoConnection(Failure { code: 11205, detail: describe(&error) });
        }
        Err(error) => return Outcome::NoReply(failure_after_connecting(&error)),
    };
    let status = response.status().as_u16();
    let content_type =
        response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Outcome::Answered(Reply { status, content_type, body }),
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_MAX_BYTES => {
                let detail = format!("the answer is longer than {BODY_MAX_BYTES} bytes");
                return Outcome::NoReply(Failure { code: 11750, detail });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) => return Outcome::NoReply(failure_after_connecting(&error)),
        }
    }
}

pub(crate) fn failure_after_connecting(error: &reqwest::Error) -> Failure {
    let code = if error.is_timeout() {
        11206
    } else if error.is_redirect() {
        11215
    } else {
        11200
    };
    Failure { code, detail: describe(error) }
}

/// The error with its causes, which reqwest leaves out of its own text.
fn describe(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
