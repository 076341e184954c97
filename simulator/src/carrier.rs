//! The carrier: what all calls and all requests share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::audio::{Audio, Kept};
use crate::call::Control;
use crate::clock::{Clock, after, seconds_between};
use crate::config::Config;
use crate::dice::Dice;
use crate::error::Error;
use crate::fact::{Delivery, Fact, Line, Moment};
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::order::Callback;
use crate::persona::Population;
use crate::rooms::Rooms;
use crate::webhook::{Failure, Fields, Reply, Webhooks};

/// The shared state of a simulated carrier.
pub(crate) struct Carrier {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) ledger: Ledger,
    pub(crate) rooms: Rooms,
    pub(crate) population: Population,
    /// Scheme, host and port under which customers reach the carrier.
    pub(crate) origin: String,
    pub(crate) running: CancellationToken,
    webhooks: Webhooks,
    kept: Kept,
    faults: Mutex<Arc<Faults>>,
    /// The numbers that the account may call from now.
    numbers: Mutex<Arc<Vec<String>>>,
    /// The inboxes of all live calls.
    switchboard: Mutex<HashMap<String, mpsc::UnboundedSender<Control>>>,
    next_slot: Mutex<Timestamp>,
    requests: AtomicU64,
}

/// Something to tell the customer.
pub(crate) struct Notice {
    /// The sid of what it is about.
    pub(crate) about: String,
    /// What it tells, for the ledger.
    pub(crate) kind: String,
    pub(crate) callback: Callback,
    pub(crate) fields: Fields,
    /// What its faults are rolled by.
    pub(crate) luck: String,
}

impl Carrier {
    pub(crate) fn new(config: Config, origin: String, running: CancellationToken) -> Result<Self, Error> {
        let dice = Dice::new(config.seed);
        let webhooks =
            Webhooks::new(config.auth_token.clone(), config.dialect, config.allow_private_targets)?;
        Ok(Self {
            clock: Clock(config.timeline),
            dice,
            ledger: Ledger::open(config.ledger_path.as_deref())?,
            rooms: Rooms::default(),
            population: Population::new(config.scripts.clone(), config.distribution.clone(), dice),
            origin: config.public_origin.clone().unwrap_or(origin),
            running,
            webhooks,
            kept: Kept::default(),
            faults: Mutex::new(Arc::new(config.faults.clone())),
            numbers: Mutex::new(Arc::new(config.numbers.clone())),
            switchboard: Mutex::default(),
            next_slot: Mutex::new(Timestamp::MIN),
            requests: AtomicU64::new(0),
            config,
        })
    }

    /// Runs work until it is done or the carrier stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let running = self.running.clone();
        tokio::spawn(async move {
            running.run_until_cancelled_owned(work).await;
        });
    }

    /// Writes a fact of this moment.
    pub(crate) fn record(&self, fact: Fact) {
        self.record_at(self.clock.now(), fact);
    }

    /// Writes a fact of a given carrier instant, for steps that are due at an exact time.
    pub(crate) fn record_at(&self, at: Timestamp, fact: Fact) {
        if let Err(error) = self.try_record_at(at, fact) {
            tracing::error!(%error, "the simulator's ledger lost a line");
        }
    }

    /// Like `record_at`, for those who must not go on without the line.
    pub(crate) fn try_record_at(&self, at: Timestamp, fact: Fact) -> std::io::Result<()> {
        self.ledger.write(Line { moment: Moment { at, real: Timestamp::now() }, fact })
    }

    pub(crate) fn faults(&self) -> Arc<Faults> {
        Arc::clone(&lock(&self.faults))
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        *lock(&self.faults) = Arc::new(faults);
    }

    pub(crate) fn numbers(&self) -> Arc<Vec<String>> {
        Arc::clone(&lock(&self.numbers))
    }

    pub(crate) fn set_numbers(&self, numbers: Vec<String>) {
        *lock(&self.numbers) = Arc::new(numbers);
    }

    /// A chance that is new for every request, in order of their arrival.
    pub(crate) fn request_chance(&self) -> f64 {
        let nth = self.requests.fetch_add(1, Ordering::Relaxed);
        self.dice.roll(&["request", &nth.to_string()])
    }

    /// The next free start in the queue, at the account's calls per second.
    pub(crate) fn take_slot(&self, now: Timestamp) -> Timestamp {
        let mut next = lock(&self.next_slot);
        let slot = now.max(*next);
        *next = after(slot, 1.0 / self.config.cps);
        slot
    }

    pub(crate) fn connect(&self, sid: &str, inbox: mpsc::UnboundedSender<Control>) {
        lock(&self.switchboard).insert(sid.to_owned(), inbox);
    }

    pub(crate) fn disconnect(&self, sid: &str) {
        lock(&self.switchboard).remove(sid);
    }

    /// The inbox of a live call.
    pub(crate) fn inbox(&self, sid: &str) -> Option<mpsc::UnboundedSender<Control>> {
        lock(&self.switchboard).get(sid).cloned()
    }

    /// Asks the customer for something on behalf of a call, and writes down what came of it.
    pub(crate) async fn ask(&self, question: Question<'_>) -> Result<Reply, Failure> {
        self.exchange(question, Uuid::new_v4()).await
    }

    /// The audio at an address of the customer's.
    pub(crate) async fn audio(&self, url: &str) -> Result<Audio, Failure> {
        self.kept.fetch(&self.webhooks, url).await
    }

    /// Tells the customer something, in the background and with all faults.
    pub(crate) fn notify(self: &Arc<Self>, notice: Notice) {
        let carrier = Arc::clone(self);
        self.spawn(async move { carrier.deliver(notice).await });
    }

    async fn deliver(&self, notice: Notice) {
        let Notice { about, kind, callback, fields, luck } = &notice;
        let faults = &self.faults().webhooks;
        let roll = |what| self.dice.roll(&["webhook", what, luck, kind]);
        let is_of_recording = kind.starts_with("recording:");
        let lose = if is_of_recording { faults.lose.max(faults.lose_recordings) } else { faults.lose };
        if roll("lose") < lose {
            let (about, kind, url) = (about.clone(), kind.clone(), callback.url.clone());
            self.record(Fact::Webhook { about, kind, url, delivery: Delivery::Lost, took_us: 0 });
            return;
        }
        let disorder_ms = faults.disorder_ms as f64;
        wait_ms(faults.delay_ms as f64 + roll("disorder") * disorder_ms).await;
        let copies =
            if roll("duplicate") < faults.duplicate { 2 + u64::from(roll("copies") < 0.5) } else { 1 };
        let token = Uuid::new_v4();
        for copy in 0..copies {
            if copy > 0 {
                wait_ms(roll("duplicate-delay") * disorder_ms).await;
            }
            let _written_down = self.exchange(Question { about, kind, callback, fields }, token).await;
        }
    }

    /// Makes a request and writes down what came of it, and how long that took.
    async fn exchange(&self, question: Question<'_>, token: Uuid) -> Result<Reply, Failure> {
        let Question { about, kind, callback, fields } = question;
        let began = Instant::now();
        let outcome = self.webhooks.exchange(callback, fields, token).await;
        let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let delivery = match &outcome {
            Ok(reply) => Delivery::Delivered { status: reply.status },
            Err(failure) => {
                tracing::debug!(about, kind, url = callback.url, detail = failure.detail, "webhook failed");
                Delivery::Failed { code: failure.code, detail: failure.detail.clone() }
            }
        };
        let (about, kind, url) = (about.to_owned(), kind.to_owned(), callback.url.clone());
        self.record(Fact::Webhook { about, kind, url, delivery, took_us });
        outcome
    }
}

/// A request to the customer whose answer matters.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) about: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) callback: &'a Callback,
    pub(crate) fields: &'a Fields,
}

/// How long a call waits for its turn, in milliseconds.
pub(crate) fn queue_time_ms(now: Timestamp, slot: Timestamp) -> u64 {
    (seconds_between(now, slot) * 1000.0).round() as u64
}

async fn wait_ms(ms: f64) {
    if ms > 0.0 {
        tokio::time::sleep(Duration::from_secs_f64(ms / 1000.0)).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
