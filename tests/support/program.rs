//! A program of an organisation's own, which speaks to the API of a site.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use warmline_workflows::TenantId;

use super::Rig;

/// What is in no part of a form.
const EDGE: &str = "a-line-that-is-in-no-part";

/// A program that is logged in.
pub(crate) struct Program {
    base: String,
    http: reqwest::Client,
    token: Option<String>,
    /// Its organisation.
    pub(crate) tenant: TenantId,
    /// A campaign there, which nobody has started.
    pub(crate) campaign: String,
}

impl Program {
    /// Registers an organisation at that address, with a campaign.
    pub(crate) async fn register(rig: &Rig, base: String) -> Self {
        let (http, nobody) = (reqwest::Client::new(), TenantId(uuid::Uuid::nil()));
        let mut this = Self { base, http, token: None, tenant: nobody, campaign: String::new() };
        let founder = json!({ "tenant_name": "Acme", "name": "Ana Lima", "email": "ana@acme.example.com",
                              "password": "correct horse battery" });
        let registered = this.send(Method::POST, "/api/auth/register", &[], Some(founder)).await;
        this.token = Some(text(&registered, "access_token"));
        this.tenant = text(&this.get("/api/auth/me").await, "tenant_id").parse().unwrap();
        let group = rig.engine.add_group(this.tenant, "Sales").await.unwrap();
        let zone = json!({ "time_zone": "America/New_York" });
        let draft = json!({ "name": "Autumn", "group_id": group, "calling_window": zone });
        this.campaign = text(&this.send(Method::POST, "/api/campaigns", &[], Some(draft)).await, "id");
        this
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.answer(request).await
    }

    /// Uploads a list of leads for the campaign; returns the import.
    pub(crate) async fn upload(&self, list: &str) -> Value {
        let mut form = String::new();
        for (head, content) in
            [("campaign_id\"", self.campaign.as_str()), ("file\"; filename=\"list.csv\"", list)]
        {
            form +=
                &format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{head}\r\n\r\n{content}\r\n");
        }
        form += &format!("--{EDGE}--\r\n");
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let request = self.http.post(format!("{}/api/leads/upload", self.base));
        self.answer(request.header("content-type", kind).body(form)).await
    }

    async fn answer(&self, mut request: RequestBuilder) -> Value {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert!(!answer.status().is_server_error(), "{answer:?}");
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }
}

/// A field that is a text.
#[track_caller]
pub(crate) fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_else(|| panic!("no {field} in {body}")).to_owned()
}
