//! A desk: an installation that is served, and people who send it requests.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use warmline::app::Roles;
use warmline_workflows::TenantId;

use super::{Rig, Spec, listener, loads, random};

/// A served installation.
pub(crate) struct Desk {
    pub(crate) rig: Rig,
    operations: SocketAddr,
    http: reqwest::Client,
}

/// Somebody who is logged in, or not.
#[derive(Clone)]
pub(crate) struct Person<'a> {
    desk: &'a Desk,
    pub(crate) token: Option<String>,
    pub(crate) refresh_token: String,
    pub(crate) tenant: String,
    pub(crate) id: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with(Spec { agents: 0, ..Spec::default() }).await
    }

    pub(crate) async fn with(spec: Spec) -> Self {
        Self::with_roles(spec, Roles::default()).await
    }

    /// One where what people ask for is also done: calls are made, lists are read.
    pub(crate) async fn staffed(spec: Spec) -> Self {
        Self::with_roles(spec, Roles { work: loads(), schedule: true, ..Roles::default() }).await
    }

    async fn with_roles(spec: Spec, others: Roles) -> Self {
        let prefix = format!("test-{:016x}", random());
        let listener = listener().await;
        let operations = listener.local_addr().unwrap();
        let roles = |web| Roles { serve: Some(web), operations: Some(listener), ..others };
        let rig = Rig::with_roles(spec, prefix, roles).await;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self { rig, operations, http }
    }

    /// One whose Redis is not there.
    pub(crate) async fn without_redis() -> Self {
        let redis_url = Some("redis+unix:///nowhere/redis.sock".to_owned());
        Self::with(Spec { agents: 0, redis_url, ..Spec::default() }).await
    }

    /// What the process shows to those who run it.
    pub(crate) async fn metrics(&self) -> String {
        let url = format!("http://{}/metrics", self.operations);
        self.http.get(url).send().await.unwrap().text().await.unwrap()
    }

    pub(crate) fn nobody(&self) -> Person<'_> {
        Person {
            desk: self,
            token: None,
            refresh_token: String::new(),
            tenant: String::new(),
            id: String::new(),
        }
    }

    /// A new organisation, and its admin logged in.
    pub(crate) async fn register(&self, name: &str) -> Person<'_> {
        let asked = json!({
            "tenant_name": name, "name": "Ana Lima", "password": "correct horse battery",
            "email": format!("ana@{}.example.com", name.to_lowercase()),
        });
        let reply = self.nobody().post("/api/auth/register", asked).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        self.person(&reply).await
    }

    /// Whoever shows this token.
    pub(crate) fn bearer(&self, token: String) -> Person<'_> {
        Person { token: Some(token), ..self.nobody() }
    }

    /// An admin of the installation, in an organisation of its own.
    pub(crate) async fn operator(&self) -> Person<'_> {
        let asked = json!({
            "tenant_name": "Operators", "email": "op@example.com", "password": "correct horse battery",
        });
        let reply = self.nobody().post("/api/auth/register", asked).await;
        let tenant: uuid::Uuid =
            sqlx::query_scalar("select tenant_id from users where email = 'op@example.com'")
                .fetch_one(&self.rig.database)
                .await
                .unwrap();
        self.rig.engine.promote(TenantId(tenant), "op@example.com").await.unwrap().unwrap();
        self.person(&reply).await
    }

    /// Somebody whom this person takes into the organisation.
    pub(crate) async fn colleague(&self, boss: &Person<'_>, email: &str, role: &str) -> Person<'_> {
        let invited = boss.post("/api/invitations", json!({ "email": email, "role": role })).await;
        assert_eq!(invited.status, 201, "{}", invited.body);
        let asked = json!({ "token": invited.text("token"), "password": "correct horse battery" });
        let accepted = self.nobody().post("/api/auth/accept-invitation", asked).await;
        assert_eq!(accepted.status, 201, "{}", accepted.body);
        self.person(&accepted).await
    }

    /// A program with a key that was given these scopes.
    pub(crate) async fn program(&self, boss: &Person<'_>, scopes: &[&str]) -> Person<'_> {
        let made = boss.post("/api/api-keys", json!({ "name": "program", "scopes": scopes })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        self.bearer(made.text("secret"))
    }

    /// Whoever the tokens of a reply belong to.
    pub(crate) async fn person(&self, reply: &Reply) -> Person<'_> {
        let mut person = Person {
            token: Some(reply.text("access_token")),
            refresh_token: reply.text("refresh_token"),
            ..self.nobody()
        };
        let me = person.get("/api/auth/me").await;
        (person.tenant, person.id) = (me.text("tenant_id"), me.text("user_id"));
        person
    }
}

impl Person<'_> {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, &[], Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// Sends a form, part by part; the one named `file` is a file.
    pub(crate) async fn post_form(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        parts: &[(&str, &str)],
    ) -> Reply {
        let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        self.post_bytes(path, headers, &parts).await
    }

    /// The same, of anything.
    pub(crate) async fn post_bytes(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        parts: &[(&str, &[u8])],
    ) -> Reply {
        const EDGE: &str = "a-line-that-is-in-no-part";
        let mut form = Vec::new();
        for (name, bytes) in parts {
            let file = if *name == "file" { "; filename=\"list.csv\"" } else { "" };
            let head = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            form.extend_from_slice(head.as_bytes());
            form.extend_from_slice(bytes);
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let mut request = self.request(Method::POST, path).header("content-type", kind).body(form);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::reply(request).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let base = self.desk.rig.setup.public_base.as_str().trim_end_matches('/');
        let request = self.desk.http.request(method, format!("{base}{path}"));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn reply(request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Reply { status, headers, body }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Self::reply(request).await
    }
}

impl Reply {
    /// A field of the body that is a text.
    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("no {field} in {}", self.body)).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status and code of a refusal.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.body["request_id"].as_str(), Some(self.header("x-request-id")), "{self:?}");
        (self.status.as_u16(), self.text("code"))
    }

    /// The status, code and field of a refusal.
    #[track_caller]
    pub(crate) fn wrong(&self) -> (u16, String, String) {
        let (status, code) = self.refusal();
        (status, code, self.text("field"))
    }
}
