//! Lines: the carrier accounts that calls are placed on, the installation's and organisations' own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use warmline_engine::{Engine, Error, carriers};
use warmline_twilio::client::{Account, Client, Elsewhere};
use warmline_twilio::dialect::InvalidDialect;
use warmline_twilio::softphone;
use warmline_workflows::{CarrierId, TenantId};

use crate::limiter::Limiter;
use crate::queue::Queues;

/// A carrier account to work with. Cheap to clone.
#[derive(Clone)]
pub struct Line {
    /// Who speaks to the carrier.
    pub carrier: Client,
    /// The account's limit of calls per second, which all workers share.
    pub limiter: Limiter,
}

/// The lines of an installation, made as they are needed. Cheap to clone.
#[derive(Clone)]
pub struct Lines(Arc<Inner>);

struct Inner {
    engine: Engine,
    queues: Queues,
    /// Seconds of carrier time in a real one.
    factor: f64,
    ours: Line,
    known: Mutex<HashMap<(TenantId, CarrierId), Known>>,
}

struct Known {
    line: Line,
    version: i32,
    looked_up_at: Instant,
}

/// How long a changed account may go unnoticed: requests with its old token are refused meanwhile.
const KNOWN_FOR: Duration = Duration::from_secs(5);

impl Lines {
    /// The lines of an installation with an account of its own, and its legs per second of carrier time; `factor`
    /// is how fast that runs.
    #[must_use]
    pub fn new(
        engine: Engine,
        queues: Queues,
        carrier: Client,
        (calls_per_second, factor): (f64, f64),
    ) -> Self {
        let limiter = Limiter::new(&queues, carrier.account_sid(), calls_per_second * factor);
        let ours = Line { carrier, limiter };
        Self(Arc::new(Inner { engine, queues, factor, ours, known: Mutex::default() }))
    }

    /// The line that a call is on.
    ///
    /// # Errors
    /// When its account cannot be read; what was to be done on it can be tried again.
    pub async fn of(&self, tenant: TenantId, carrier: Option<CarrierId>) -> Result<Line, Error> {
        let Some(id) = carrier else { return Ok(self.0.ours.clone()) };
        // One look-up at a time: everybody else waits for what it brings.
        let mut known = self.0.known.lock().await;
        if let Some(known) = known.get(&(tenant, id)).filter(|it| it.looked_up_at.elapsed() < KNOWN_FOR) {
            return Ok(known.line.clone());
        }
        let found = self.0.engine.carrier_line(tenant, id).await?;
        let looked_up_at = Instant::now();
        let version = found.account.version;
        let line = match known.get(&(tenant, id)) {
            // Its place in the schedule is kept.
            Some(known) if known.version == version => known.line.clone(),
            _ => self.0.line(found)?,
        };
        known.retain(|_, it| it.looked_up_at.elapsed() < KNOWN_FOR * 100);
        known.insert((tenant, id), Known { line: line.clone(), version, looked_up_at });
        Ok(line)
    }
}

impl Inner {
    fn line(&self, stored: carriers::Line) -> Result<Line, Error> {
        let rate = f64::from(stored.account.calls_per_second) * self.factor;
        let limiter = Limiter::new(&self.queues, &stored.account.account_sid, rate);
        let carrier = self.ours.carrier.for_account(account(stored)?);
        let carrier = carrier.map_err(|error| Error::Refused(error.to_string()))?;
        Ok(Line { carrier, limiter })
    }
}

/// An account of an organisation's own, as the carrier's client knows it.
///
/// # Errors
/// When it is spoken to in a way that this version does not know.
pub fn account(stored: carriers::Line) -> Result<Account, Error> {
    let carriers::Line { account, credentials } = stored;
    let key = account.api_key_sid.zip(credentials.api_key_secret);
    let softphone = key.clone().map(|(sid, secret)| softphone::Key {
        sid,
        secret,
        application_sid: account.application_sid,
    });
    let (username, password) = key.unwrap_or_else(|| (account.account_sid.clone(), credentials.auth_token));
    let elsewhere = account.elsewhere.map(elsewhere).transpose()?;
    Ok(Account { elsewhere, account_sid: account.account_sid, username, password, softphone })
}

/// The carrier of an account that is not at the installation's.
///
/// # Errors
/// As [`account`].
pub fn elsewhere(stored: carriers::Elsewhere) -> Result<Elsewhere, Error> {
    let dialect =
        stored.dialect.parse().map_err(|error: InvalidDialect| Error::Refused(error.to_string()))?;
    Ok(Elsewhere { api_base: stored.api_base, dialect })
}
