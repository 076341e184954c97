//! Requests as the carrier sends them, and as others would.

use std::collections::HashMap;
use std::sync::OnceLock;

use reqwest::{Method, header};
use warmline_simulator::{CallRecord, Source};
use warmline_twilio::callback::Callback;
use warmline_twilio::dialect::Signature;
use warmline_twilio::signature;
use warmline_twilio::webhook::TOKEN_HEADER;

use super::{ACCOUNT, Rig, TOKEN};

/// A request to a webhook.
#[derive(Debug, Clone)]
pub(crate) struct Inbound {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) body: Vec<u8>,
    /// Whose header the signature is in.
    pub(crate) signer: Signature,
    pub(crate) signature: Option<String>,
    pub(crate) token: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

impl Inbound {
    /// A form, posted and signed as the carrier would.
    pub(crate) fn signed(url: &str, fields: &[(&str, &str)]) -> Self {
        Self::signed_with(TOKEN, url, fields)
    }

    /// The same for an account with another token.
    pub(crate) fn signed_with(token: &str, url: &str, fields: &[(&str, &str)]) -> Self {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        Self {
            method: Method::POST,
            url: url.to_owned(),
            body: body.into_bytes(),
            signer: Signature::Twilio,
            signature: Some(signature::sign(token, url, &fields)),
            token: None,
        }
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The address, asked by anybody.
    pub(crate) async fn get(url: &str) -> Reply {
        let (method, url) = (Method::GET, url.to_owned());
        let signer = Signature::Twilio;
        Self { method, url, body: Vec::new(), signer, signature: None, token: None }.send().await
    }

    pub(crate) async fn send(&self) -> Reply {
        let mut request = client().request(self.method.clone(), &self.url).body(self.body.clone());
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8");
        if let Some(signature) = &self.signature {
            request = request.header(self.signer.header(), signature);
        }
        if let Some(token) = &self.token {
            request = request.header(TOKEN_HEADER, token);
        }
        let response = request.send().await.unwrap();
        let content_type = response.headers().get(header::CONTENT_TYPE);
        Reply {
            status: response.status().as_u16(),
            content_type: content_type.map_or("", |value| value.to_str().unwrap()).to_owned(),
            body: response.text().await.unwrap(),
        }
    }
}

/// One client for all tests, which keeps no connection: each test has a runtime of its own.
fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).tls_certs_only([]);
        client.build().unwrap()
    })
}

impl Rig {
    /// The document that a live leg would be given now. To ask is to repeat a webhook, so that the
    /// state of the call stays as it is.
    pub(crate) async fn document(&self, leg: &CallRecord) -> String {
        let asked = Inbound::signed(
            &voice_url(leg),
            &[("CallSid", &leg.sid), ("AccountSid", ACCOUNT), ("CallStatus", "in-progress")],
        );
        let reply = asked.send().await;
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (200, "text/xml; charset=utf-8"),
            "{reply:?}"
        );
        reply.body
    }
}

/// Where a leg asks for its document.
pub(crate) fn voice_url(leg: &CallRecord) -> String {
    let Source::Url(callback) = &leg.order.source else { panic!("{} has a document of its own", leg.sid) };
    without_fragment(&callback.url)
}

/// Whom a leg is about, as its URLs say.
pub(crate) fn callback(leg: &CallRecord) -> Callback {
    let url = voice_url(leg);
    Callback::parse(url.split_once('?').map_or("", |(_, query)| query)).unwrap()
}

/// A URL as it is requested and signed.
pub(crate) fn without_fragment(url: &str) -> String {
    url.split('#').next().unwrap().to_owned()
}

/// The parameters of a URL by name.
pub(crate) fn query(url: &str) -> HashMap<String, String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}
