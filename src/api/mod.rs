//! The REST API: what a campaign manager's own system needs, over HTTP and JSON.
//!
//! Every operation stands in one table ([`operation::OPERATIONS`]) that says who may do it; the gate
//! (`gate.rs`) holds everybody to it. Handlers take what they need from the request, ask the engine, and
//! give back a resource or a [`Problem`]. The OpenAPI document is made from the handlers ([`openapi`]).

pub(crate) mod account;
mod agents;
mod api_keys;
mod audio;
mod audit_log;
pub(crate) mod auth;
mod caller_ids;
mod calls;
mod campaign_preview;
mod campaign_status;
mod campaigns;
mod carrier;
mod change;
mod desk;
mod dnc;
mod etag;
mod events;
mod export;
mod extract;
mod gate;
mod groups;
pub mod idempotency;
mod import_templates;
mod imports;
pub(crate) mod invitations;
mod key_ring;
mod leads;
mod limits;
mod live;
mod money;
pub mod openapi;
pub mod operation;
mod origin;
mod page;
mod password;
mod principal;
pub mod rate;
mod recent;
mod recordings;
mod schema;
mod sessions;
mod settings_schema;
mod softphones;
mod stats;
mod tenant;
mod tenants;
pub mod token;
mod upload;
mod users;
mod webhook_endpoints;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use ipnet::IpNet;
use secrecy::SecretString;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;
use warmline_engine::Engine;
use warmline_twilio::client::Client;
use warmline_workers::Clock;
use warmline_workers::delivery::{Reach, Rules};
use warmline_workers::store::Store;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;

use key_ring::KeyRing;
use operation::Operation;
use password::Passwords;
use rate::{Rate, Rates};
use sessions::Sessions;
use token::Keys;

use crate::import::Limits;
use crate::problem::Problem;

/// How the API is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What access tokens are signed with.
    pub keys: Keys,
    /// How long somebody stays logged in without coming back.
    pub login_lasts: Duration,
    /// Whether anybody may register an organisation.
    pub registration: bool,
    /// Whether the carrier is a simulated one, so that nobody is phoned.
    pub simulated: bool,
    /// Requests of one person or key.
    pub rate: Rate,
    /// Origins whose pages may use the API from a browser.
    pub cors_origins: Vec<String>,
    /// Proxies that are believed when they say whom they were asked by.
    pub trusted_proxies: Vec<IpNet>,
    /// Where endpoints may be.
    pub endpoint_rules: Rules,
    /// What new campaigns are like that do not say otherwise.
    pub defaults: Defaults,
    /// The most that is taken of a file of leads.
    pub import_limits: Limits,
}

impl Settings {
    /// For rehearsals and tests: a key of its own, and the defaults of the configuration.
    #[must_use]
    pub fn rehearsal(caller_id: &str) -> Self {
        let secret = format!("{:032x}", rand::random::<u128>());
        Self {
            keys: Keys::new(&[SecretString::from(secret)]),
            login_lasts: Duration::from_secs(86_400),
            registration: true,
            simulated: true,
            rate: Rate { per_second: 1000.0, burst: 4000.0 },
            cors_origins: vec!["https://crm.example.com".to_owned()],
            trusted_proxies: Vec::new(),
            endpoint_rules: Rules { ports: vec![443], reach: Reach::Loopback },
            import_limits: Limits::default(),
            defaults: Defaults {
                conduct: Conduct::default(),
                cadence: Cadence::default(),
                max_concurrent_calls: 10,
                daily_spend_cap_micros: Some(50_000_000),
                caller_id: Some(caller_id.to_owned()),
            },
        }
    }
}

/// What new organisations and campaigns are like that do not say otherwise.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// How calls are conducted.
    pub conduct: Conduct,
    /// When a lead is called again.
    pub cadence: Cadence,
    /// Calls at once.
    pub max_concurrent_calls: u32,
    /// What an organisation that registers may spend a day; none for no cap.
    pub daily_spend_cap_micros: Option<i64>,
    /// The number shown to leads, E.164; none when every campaign has to name one.
    pub caller_id: Option<String>,
}

/// What the operations need at hand. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    engine: Engine,
    clock: Clock,
    keys: Keys,
    passwords: Passwords,
    sessions: Sessions,
    key_ring: KeyRing,
    rates: Rates,
    settings: Arc<Settings>,
    /// The carrier, as the installation's account.
    carrier: Client,
    store: Store,
    hub: live::Hub,
    turns: stats::Turns,
    operations: Arc<HashMap<(Method, String), &'static Operation>>,
}

impl Api {
    /// The most that is taken of a file of leads.
    fn limits(&self) -> &Limits {
        &self.settings.import_limits
    }
}

/// The largest body, but for uploads.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The routes of the API.
pub fn router(engine: Engine, clock: Clock, (carrier, store): (Client, Store), settings: Settings) -> Router {
    let (routes, document) = routes().split_for_parts();
    let cors = cors(&settings.cors_origins);
    let api = Api {
        hub: live::Hub::new(engine.clone()),
        engine,
        clock,
        keys: settings.keys.clone(),
        passwords: Passwords::default(),
        sessions: Sessions::default(),
        key_ring: KeyRing::default(),
        rates: Rates::new(settings.rate),
        settings: Arc::new(settings),
        carrier,
        store,
        turns: stats::Turns::default(),
        operations: Arc::new(openapi::operations(&document)),
    };
    routes
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .route_layer(from_fn_with_state(api.clone(), gate::gate))
        .layer(cors)
        .with_state(api)
}

/// Who may use the API from a browser: pages of these origins, with a token but without cookies.
fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            HeaderName::from_static(idempotency::KEY),
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static(idempotency::REPLAYED),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(Duration::from_secs(3600))
}

/// Every operation with its part of the OpenAPI document.
fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(auth::routes())
        .merge(account::routes())
        .merge(invitations::routes())
        .merge(users::routes())
        .merge(api_keys::routes())
        .merge(audit_log::routes())
        .merge(tenant::routes())
        .merge(caller_ids::routes())
        .merge(carrier::routes())
        .merge(tenants::routes())
        .merge(campaigns::routes())
        .merge(campaign_status::routes())
        .merge(campaign_preview::routes())
        .merge(events::routes())
        .merge(webhook_endpoints::routes())
        .merge(leads::routes())
        .merge(dnc::routes())
        .merge(limits::routes())
        .merge(groups::routes())
        .merge(agents::routes())
        .merge(softphones::routes())
        .merge(desk::routes())
        .merge(live::routes())
        .merge(calls::routes())
        .merge(recordings::routes())
        .merge(audio::routes())
        .merge(stats::routes())
        .merge(export::routes())
        .merge(imports::routes())
        .merge(import_templates::routes())
}

async fn wrong_method() -> Problem {
    let detail = "this method is not for this address: /api/openapi.json names those that are";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", detail)
}
