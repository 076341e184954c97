//! The server: a simulated carrier listening for its customers.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::call;
use crate::carrier::Carrier;
use crate::config::{Config, Dialect};
use crate::error::Error;
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::line::{Abort, Lines};
use crate::record::CallRecord;
use crate::rest;
use crate::rest::error::ApiError;

/// A Twilio that never phones anybody.
pub struct Simulator;

/// A running simulator; dropping it stops it, too.
pub struct Handle {
    carrier: Arc<Carrier>,
    further: Vec<Arc<Carrier>>,
    address: SocketAddr,
    server: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a carrier on a listener. Calls that its ledger shows as live are ended first, and
    /// their status callbacks sent. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a setting has no meaning.
    pub fn start(config: Config, listener: TcpListener) -> Result<Handle, Error> {
        config.check()?;
        let address = listener.local_addr().map_err(Error::Listener)?;
        let running = CancellationToken::new();
        let open = |config| {
            let origin = format!("http://{}", reachable(address));
            let carrier = Arc::new(Carrier::new(config, origin, running.clone())?);
            call::settle_after_restart(&carrier);
            Ok::<_, Error>(carrier)
        };
        let further: Vec<_> = config
            .further_accounts
            .iter()
            .map(|account| open(config.of(account)))
            .collect::<Result<_, _>>()?;
        let test = config.test_credentials.as_ref().map(|test| open(config.with(test))).transpose()?;
        let dialect = config.dialect;
        let carrier = open(config)?;
        let routers: HashMap<String, Router> =
            further
                .iter()
                .map(|it| (it.config.account_sid.clone(), rest::router(it).with_state(Arc::clone(it))))
                .chain(test.iter().map(|it| {
                    (it.config.account_sid.clone(), rest::test_router(it).with_state(Arc::clone(it)))
                }))
                .collect();
        let router = Router::new()
            .route("/simulator/ledger", get(ledger))
            .route("/simulator/calls", get(summary))
            .route("/simulator/faults", post(set_faults).get(faults))
            .merge(rest::router(&carrier))
            .with_state(Arc::clone(&carrier));
        let router = Router::new().fallback(by_account).with_state(Arc::new(Accounts {
            dialect,
            main: router,
            further: routers,
        }));
        let serving = axum::serve(Lines(listener), router.into_make_service_with_connect_info::<Abort>())
            .with_graceful_shutdown(running.cancelled_owned());
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the simulator stopped serving");
            }
        });
        Ok(Handle { carrier, further, address, server: Some(server) })
    }
}

impl Handle {
    /// Everything before `/Accounts` in the carrier's URLs, for a client's configuration.
    pub fn base_url(&self) -> String {
        format!("{}{}/2010-04-01", self.origin(), self.carrier.config.dialect.root())
    }

    /// Scheme, host and port, under which the `/simulator/…` endpoints lie as well.
    pub fn origin(&self) -> String {
        format!("http://{}", reachable(self.address))
    }

    /// What the carrier really did.
    pub fn ledger(&self) -> &Ledger {
        &self.carrier.ledger
    }

    /// What the carrier really did for a further account; none when there is no such account.
    pub fn ledger_of(&self, account_sid: &str) -> Option<&Ledger> {
        self.further.iter().find(|it| it.config.account_sid == account_sid).map(|it| &it.ledger)
    }

    /// Replaces all faults from now on.
    pub fn set_faults(&self, faults: Faults) {
        for carrier in self.further.iter().chain([&self.carrier]) {
            carrier.set_faults(faults.clone());
        }
    }

    /// Replaces the numbers that the first account may call from, as when it gives one back.
    pub fn set_numbers(&self, numbers: Vec<String>) {
        self.carrier.set_numbers(numbers);
    }

    /// Stops as a crash would: live calls stay live in the ledger, webhooks under way are cut off.
    /// Returns when the listener is closed and requests under way have been answered.
    pub async fn stop(mut self) {
        self.carrier.running.cancel();
        if let Some(server) = self.server.take()
            && let Err(error) = server.await
        {
            tracing::error!(%error, "the simulator's server failed");
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.carrier.running.cancel();
    }
}

/// An address that this machine can connect to, for a listener on all addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    }
}

/// Where requests go.
struct Accounts {
    dialect: Dialect,
    main: Router,
    further: HashMap<String, Router>,
}

/// Hands a request to its account; before it is routed, since what it is matched with would stay with it.
async fn by_account(State(accounts): State<Arc<Accounts>>, mut request: Request) -> Response {
    match below(accounts.dialect.root(), request.uri()) {
        Some(uri) => *request.uri_mut() = uri,
        None if request.uri().path().starts_with("/simulator/") => {}
        None => return ApiError::not_found(request.uri().path()).into_response(),
    }
    let mut segments = request.uri().path().split('/').skip(2);
    let account = match (segments.next(), segments.next()) {
        (Some("Accounts"), Some(account)) => accounts.further.get(account.trim_end_matches(".json")),
        _ => None,
    };
    match account.unwrap_or(&accounts.main).clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The address as the routes have it; none when it is not below the root.
fn below(root: &str, uri: &Uri) -> Option<Uri> {
    uri.path_and_query()?.as_str().strip_prefix(root)?.parse().ok()
}

async fn ledger(State(carrier): State<Arc<Carrier>>) -> Json<Vec<CallRecord>> {
    Json(carrier.ledger.calls())
}

async fn summary(State(carrier): State<Arc<Carrier>>) -> Json<Value> {
    carrier.ledger.read(|books| {
        let mut by_status = std::collections::BTreeMap::<&str, usize>::new();
        for call in &books.calls {
            *by_status.entry(call.status.as_str()).or_default() += 1;
        }
        Json(json!({
            "total": books.calls.len(),
            "live": books.live_calls,
            "by_status": by_status,
            "delivered": books.calls.iter().map(|call| u64::from(call.delivered)).sum::<u64>(),
            "undelivered": books.calls.iter().map(|call| u64::from(call.undelivered)).sum::<u64>(),
        }))
    })
}

async fn faults(State(carrier): State<Arc<Carrier>>) -> Json<Faults> {
    Json(carrier.faults().as_ref().clone())
}

async fn set_faults(State(carrier): State<Arc<Carrier>>, Json(faults): Json<Faults>) -> Json<Faults> {
    carrier.set_faults(faults.clone());
    Json(faults)
}
