//! The installation that is measured: a large organisation, served by one process.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;
use warmline::webhooks::{Signer, Signers, Webhooks};
use warmline::{api, http, operations::Operations};
use warmline_engine::vault::{MasterKey, Secret};
use warmline_engine::{Database, Engine, Options, Vault};
use warmline_twilio::client;
use warmline_twilio::dialect::Signature;
use warmline_workers::Clock;
use warmline_workers::store::{Place, Store};
use warmline_workflows::{CallId, TenantId, Timeline};

use crate::{Failure, Sizes, fill};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const CALLER_ID: &str = "+14155550100";
const PASSWORD: &str = "correct horse battery";
const EMAIL: &str = "ana@example.com";

/// A served installation with one large organisation.
pub(crate) struct World {
    pub(crate) base: String,
    pub(crate) public_base: Url,
    pub(crate) http: reqwest::Client,
    /// One connection, as the owner of the tables and behind no wall.
    pub(crate) sql: PgPool,
    pub(crate) tenant: TenantId,
    /// Calls that are open, with the tokens that their webhooks bear.
    pub(crate) open: Vec<(CallId, String)>,
    /// Whether it takes no forever to count all calls.
    pub(crate) counts_all: bool,
}

impl World {
    pub(crate) async fn create(url: &str, sizes: Sizes) -> Result<Self, Failure> {
        let masters = vec![MasterKey::new("bench", Secret::new(*b"a key for nothing but benchmarks"))?];
        let vault = Vault::sealing(masters, Secret::new(*b"index key: of benchmarks and all"))?;
        let database = Database::connect(url, 10).await?.with_vault(vault);
        database.migrate().await?;
        let (engine, mut commands) = Engine::start(database, Options::default());
        tokio::spawn(async move { while commands.recv().await.is_some() {} });
        let clock = Clock::new(Timeline::REAL);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let public_base = warmline_twilio::check_base(&base)?;
        // Nobody listens to anything here.
        let store = Store::open(&Place::Folder("recordings".into()))?;
        let settings = api::Settings::rehearsal(CALLER_ID);
        let webhooks = Webhooks {
            engine: engine.clone(),
            clock,
            public_base: public_base.clone(),
            signers: Signers::new(
                engine.clone(),
                ACCOUNT,
                Signer { tokens: [SecretString::from(TOKEN)].into(), signature: Signature::Twilio },
            ),
            keys: settings.keys.clone(),
            store: store.clone(),
        };
        let operations = Operations::new(engine.database().clone());
        let carrier = client::Config::twilio(ACCOUNT, SecretString::from(TOKEN));
        let carrier = client::Client::new(carrier)?;
        let api = api::router(engine.clone(), clock, (carrier, store), settings);
        let router = http::router(webhooks, api, operations);
        tokio::spawn(http::serve(listener, router, CancellationToken::new()));
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?;
        let asked = json!({ "tenant_name": "Bench", "name": "Ana", "email": EMAIL, "password": PASSWORD });
        let reply = client.post(format!("{base}/api/auth/register")).json(&asked).send().await?;
        let token = token(reply).await?;
        let me: Value =
            client.get(format!("{base}/api/auth/me")).bearer_auth(token).send().await?.json().await?;
        let tenant: TenantId = me["tenant_id"].as_str().ok_or("nobody is logged in")?.parse()?;
        let sql = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(url).await?;
        let open = fill::fill(&engine, &sql, tenant, sizes).await?;
        engine.roll_up_anew(tenant).await?;
        let counts_all = sizes.calls <= 500_000;
        Ok(Self { base, public_base, http: client, sql, tenant, open, counts_all })
    }

    /// An access token; one is good for ten minutes.
    pub(crate) async fn login(&self) -> Result<String, Failure> {
        let asked = json!({ "email": EMAIL, "password": PASSWORD });
        token(self.http.post(format!("{}/api/auth/login", self.base)).json(&asked).send().await?).await
    }

    /// Whether there is an operation at this path.
    pub(crate) async fn is_served(&self, path: &str) -> Result<bool, Failure> {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(self.login().await?);
        Ok(request.send().await?.status().is_success())
    }

    pub(crate) async fn number(&self, query: &str) -> Result<i64, Failure> {
        Ok(sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&self.sql).await?)
    }

    pub(crate) async fn text(&self, query: &str) -> Result<String, Failure> {
        Ok(sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&self.sql).await?)
    }
}

async fn token(reply: reqwest::Response) -> Result<String, Failure> {
    let body: Value = reply.json().await?;
    body["access_token"].as_str().map(str::to_owned).ok_or_else(|| format!("no token in {body}").into())
}
