//! The durable step: an event in, the call's new state, journal, timers and commands stored, then
//! the answer.
//!
//! Callers from many places hand their events to a few committers, each of which owns a share of the
//! calls. A committer takes whatever is waiting, applies it in memory and writes it with one
//! statement, so that one commit carries many steps and no artificial delay is needed.

mod batch;
mod cache;
mod committer;
mod failure;
mod gate;
mod statement;
mod store;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use warmline_workflows::call::{Call, CommandId, Event, Ignored, Ordinal, Plan, Queue};
use warmline_workflows::cost::Rates;
use warmline_workflows::{CallId, TenantId};

use crate::Error;
use crate::db::Database;

pub use batch::fold;

/// What identifies an event, so that the same event applied twice has its outcome once.
///
/// Webhooks bring the carrier's idempotency token, or else sid, kind, status and sequence; workers
/// the command and its result; operators the request's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub String);

/// One event for one call.
#[derive(Debug, Clone)]
pub struct Step {
    /// The organisation.
    pub tenant: TenantId,
    /// The call.
    pub call: CallId,
    /// The call's token when the event came from outside; a wrong one is refused.
    pub token: Option<String>,
    /// What happened.
    pub event: Event,
    /// What makes it this event and no other.
    pub key: Key,
    /// The command whose result the event reports; it is taken off the outbox in the same commit.
    pub settles: Option<Ordinal>,
    /// Business time.
    pub now: Timestamp,
}

/// What became of a step.
#[derive(Debug, Clone)]
pub struct Stepped {
    /// Whether the event changed anything.
    pub outcome: Outcome,
    /// The call after the step.
    pub call: Arc<Call>,
    /// The call's plan.
    pub plan: Arc<Plan>,
}

/// Whether an event changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was applied.
    Applied,
    /// It had been applied before; the answer is of the present state.
    Duplicate,
    /// It was recorded, and changed nothing.
    Ignored(Ignored),
}

/// A command that was committed and can be performed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    /// The organisation.
    pub tenant: TenantId,
    /// The command.
    pub command: CommandId,
    /// Where it waits.
    pub queue: Queue,
    /// Whether it must be performed at most once: a placement.
    pub once_only: bool,
}

/// How steps are run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Committers, each with a connection of its own.
    pub committers: usize,
    /// Steps in one commit, at most.
    pub batch_max: usize,
    /// Calls that each committer keeps in memory.
    pub cached_calls: usize,
    /// What the carrier asks; costs are estimated by them, and money is set aside.
    pub rates: Rates,
}

impl Default for Options {
    fn default() -> Self {
        Self { committers: 2, batch_max: 256, cached_calls: 8192, rates: Rates::default() }
    }
}

pub(crate) enum Work {
    Event(Box<Step>),
    Tick { now: Timestamp },
}

pub(crate) struct Request {
    tenant: TenantId,
    call: CallId,
    work: Work,
    reply: oneshot::Sender<Result<Stepped, Error>>,
}

/// The entry to the committers. Cheap to clone.
#[derive(Clone)]
pub struct Stepper {
    shards: Arc<[mpsc::Sender<Request>]>,
}

/// Steps that may wait for a committer before callers have to wait in turn.
const WAITING_MAX: usize = 4096;

impl Stepper {
    /// Starts the committers; committed commands are announced on `ready`.
    pub(crate) fn start(
        database: &Database,
        options: Options,
        ready: mpsc::UnboundedSender<Vec<Ready>>,
    ) -> Self {
        let shards = (0..options.committers.max(1))
            .map(|_| {
                let (sender, receiver) = mpsc::channel(WAITING_MAX);
                let committer = committer::Committer::new(database.clone(), options, ready.clone());
                tokio::spawn(committer.run(receiver));
                sender
            })
            .collect();
        Self { shards }
    }

    /// Applies one event to one call and returns once it is stored.
    ///
    /// The step runs in a task of its own: a caller that goes away cannot leave it half done.
    ///
    /// # Errors
    /// [`Error::UnknownCall`], [`Error::WrongToken`], or [`Error::Database`] when the step could not
    /// be stored; the same step may then be tried again.
    pub async fn step(&self, step: Step) -> Result<Stepped, Error> {
        let (tenant, call) = (step.tenant, step.call);
        self.ask(tenant, call, Work::Event(Box::new(step))).await
    }

    /// Fires every timer of a call that is due at `now`.
    ///
    /// # Errors
    /// As for [`Stepper::step`].
    pub async fn tick(&self, tenant: TenantId, call: CallId, now: Timestamp) -> Result<Stepped, Error> {
        self.ask(tenant, call, Work::Tick { now }).await
    }

    async fn ask(&self, tenant: TenantId, call: CallId, work: Work) -> Result<Stepped, Error> {
        let (reply, answer) = oneshot::channel();
        let request = Request { tenant, call, work, reply };
        self.shard(call).send(request).await.map_err(|_| Error::Stopped)?;
        answer.await.map_err(|_| Error::Stopped)?
    }

    fn shard(&self, call: CallId) -> &mpsc::Sender<Request> {
        let mut hasher = std::hash::DefaultHasher::new();
        call.hash(&mut hasher);
        let share = hasher.finish() % self.shards.len() as u64;
        &self.shards[usize::try_from(share).unwrap_or(0)]
    }
}
