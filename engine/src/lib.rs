//! The durable step on Postgres, and every other piece of SQL.
//!
//! [`Engine`] is the only way to the database. It knows nothing of carriers, queues or HTTP: nothing
//! leaves the process from in here. Start with [`step`], the one way a call changes.

pub mod agents;
pub mod alarms;
pub mod audio;
pub mod audit;
pub mod bills;
pub mod board;
pub mod budget;
pub mod caller_ids;
pub mod calls;
pub mod campaigns;
pub mod carriers;
pub mod crash;
pub mod db;
pub mod deliveries;
pub mod dnc;
pub mod dnc_book;
pub mod endpoints;
pub mod erasure;
mod error;
pub mod explain;
pub mod feed;
mod first_id;
pub mod gauges;
pub mod housekeeping;
pub mod idempotency;
pub mod identity;
pub mod imports;
pub mod inquiries;
pub mod journal;
pub mod lead_book;
pub mod leader;
pub mod leads;
pub mod outbox;
pub mod pace;
pub mod placement;
mod plan;
pub mod recordings;
pub mod rotation;
mod standing;
pub mod step;
mod supply;
pub mod tenants;
#[cfg(feature = "testing")]
pub mod testing;
pub mod vault;
pub mod views;
mod walls;

use tokio::sync::mpsc;
use warmline_workflows::cost::Rates;

pub use db::Database;
pub use error::Error;
pub use step::{Key, Options, Outcome, Ready, Step, Stepped};
pub use vault::Vault;

/// The calls, leads, campaigns and agents of every organisation. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) database: Database,
    stepper: step::Stepper,
    pub(crate) rates: Rates,
    ready: mpsc::UnboundedSender<Vec<Ready>>,
}

impl Engine {
    /// Starts the committers on a migrated database. The receiver yields the commands of each commit
    /// as soon as it is through; dropping it costs latency only, since a sweep finds them too.
    #[must_use]
    pub fn start(database: Database, options: Options) -> (Self, mpsc::UnboundedReceiver<Vec<Ready>>) {
        let (ready, commands) = mpsc::unbounded_channel();
        let stepper = step::Stepper::start(&database, options, ready.clone());
        (Self { database, stepper, rates: options.rates, ready }, commands)
    }

    /// Applies one event to one call and returns once it is stored. See [`step::Stepper::step`].
    ///
    /// # Errors
    /// As given there.
    pub async fn step(&self, step: Step) -> Result<Stepped, Error> {
        self.stepper.step(step).await
    }

    /// The connection to Postgres.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Announces commands that were committed outside the committers.
    pub(crate) fn announce(&self, ready: Vec<Ready>) {
        if !ready.is_empty() {
            // Nobody listens in a process that performs no commands; the sweep finds them.
            let _nobody = self.ready.send(ready);
        }
    }
}
