//! One committer: takes the steps that wait, applies them, writes them with one statement.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::mpsc;
use warmline_workflows::call::CommandId;
use warmline_workflows::{CallId, TenantId};

use super::batch::{Batch, Draft};
use super::cache::{Cache, Held};
use super::failure::Failure;
use super::{Options, Outcome, Ready, Request, Stepped, Work, gate, store};
use crate::Error;
use crate::crash;
use crate::db::Database;

pub(super) struct Committer {
    database: Database,
    connection: Option<PgConnection>,
    cache: Cache,
    options: Options,
    ready: mpsc::UnboundedSender<Vec<Ready>>,
}

/// What a batch came to in memory.
struct Applied {
    /// The outcome of each request, in their order.
    outcomes: Vec<Result<Outcome, Error>>,
    /// What has to be written.
    drafts: Vec<(CallId, Draft)>,
}

/// How often a batch is tried when the database cannot be reached, or its calls keep moving.
const TRIES_MAX: u32 = 8;

impl Committer {
    pub(super) fn new(
        database: Database,
        options: Options,
        ready: mpsc::UnboundedSender<Vec<Ready>>,
    ) -> Self {
        // Every call of a batch is in the cache until the batch is answered.
        let cache = Cache::new(options.cached_calls.max(options.batch_max));
        Self { database, connection: None, cache, options, ready }
    }

    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut waiting = Vec::with_capacity(self.options.batch_max);
        while requests.recv_many(&mut waiting, self.options.batch_max).await > 0 {
            self.serve(std::mem::take(&mut waiting)).await;
            waiting.reserve(self.options.batch_max);
        }
    }

    /// Serves a batch to the end: every request is answered.
    async fn serve(&mut self, mut requests: Vec<Request>) {
        let mut error = Error::Database("the call kept moving".to_owned());
        let mut pause = Duration::ZERO;
        for attempt in 1..=TRIES_MAX {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            let (failed, failure) = match self.commit(requests).await {
                Ok(moved) if moved.is_empty() => return,
                Ok(moved) => {
                    // They are read again, at once; when others are quicker time and again, they go first.
                    pause = Duration::from_millis(u64::from(attempt / 3) << attempt);
                    requests = moved;
                    continue;
                }
                Err(failed) => failed,
            };
            // If the commit went through after all, the calls have moved: they are read again, and the keys
            // stored with each tell a step that is in from one that is not.
            self.connection = None;
            requests = failed;
            match failure {
                Failure::Database(why) => {
                    tracing::warn!(error = %why, steps = requests.len(), attempt, "a batch was not stored");
                    pause = Duration::from_millis(5 << attempt);
                    error = why;
                }
                Failure::Step(why) if requests.len() > 1 => {
                    tracing::warn!(error = %why, steps = requests.len(), "a batch is split");
                    let others = requests.split_off(requests.len() / 2);
                    Box::pin(self.serve(requests)).await;
                    return Box::pin(self.serve(others)).await;
                }
                Failure::Step(why) => {
                    tracing::error!(error = %why, call.id = %requests[0].call, "a step cannot be stored");
                    error = why;
                    break;
                }
            }
        }
        for request in requests {
            let _gone = request.reply.send(Err(error.clone()));
        }
    }

    /// One round: apply, write, answer. Gives back the requests whose call moved meanwhile.
    async fn commit(&mut self, mut requests: Vec<Request>) -> Result<Vec<Request>, (Vec<Request>, Failure)> {
        match self.store(&mut requests).await {
            Ok((applied, written)) => Ok(self.answer(requests, applied, &written)),
            Err(failure) => Err((requests, failure)),
        }
    }

    /// Applies every request and writes what came of them; names the calls that were written.
    async fn store(&mut self, requests: &mut [Request]) -> Result<(Applied, HashSet<CallId>), Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.committing().await?,
        };
        self.load(&mut connection, requests).await?;
        gate::decide(&mut connection, &mut self.cache, requests).await?;
        // The core does not panic. If it did, a committer that went down with it would take its share of
        // all calls along.
        let applied = std::panic::catch_unwind(AssertUnwindSafe(|| self.apply(requests)));
        let applied = applied.map_err(|_| {
            Failure::Step(Error::Refused("this step makes the program fail; the log has more".to_owned()))
        })?;
        crash::point("step: before the commit");
        let began = std::time::Instant::now();
        let written = store::write(&mut connection, &applied.drafts, &self.options.rates).await?;
        metrics::histogram!("warmline_commit_seconds").record(began.elapsed());
        metrics::counter!("warmline_steps_total").increment(requests.len() as u64);
        crash::point("step: after the commit");
        self.connection = Some(connection);
        Ok((applied, written))
    }

    /// Brings the calls of a batch into the cache.
    async fn load(&mut self, connection: &mut PgConnection, requests: &[Request]) -> Result<(), Failure> {
        // Not by the call alone: who asks for another organisation's call must not hide it from its own.
        let missing: HashSet<(TenantId, CallId)> = requests
            .iter()
            .filter(|request| self.cache.get(request.call).is_none())
            .map(|request| (request.tenant, request.call))
            .collect();
        if !missing.is_empty() {
            for (call, held) in store::load(connection, self.database.vault(), &missing).await? {
                self.cache.put(call, held);
            }
        }
        Ok(())
    }

    /// Applies every request in its order; refuses those that do not belong to a call.
    fn apply(&mut self, requests: &[Request]) -> Applied {
        let mut batch = Batch::default();
        let outcomes = requests
            .iter()
            .map(|request| {
                let held = self.cache.get(request.call).filter(|held| held.plan.tenant == request.tenant);
                let Some(held) = held else { return Err(Error::UnknownCall(request.call)) };
                match &request.work {
                    Work::Event(step)
                        if step.token.as_ref().is_some_and(|token| *token != held.plan.token) =>
                    {
                        Err(Error::WrongToken(request.call))
                    }
                    Work::Event(step) => Ok(batch.draft(request.tenant, request.call, held).apply(step)),
                    Work::Tick { now } => Ok(batch.draft(request.tenant, request.call, held).tick(*now)),
                }
            })
            .collect();
        Applied { outcomes, drafts: batch.into_drafts() }
    }

    /// Announces what was committed and answers the callers; gives back the overtaken requests.
    fn answer(
        &mut self,
        requests: Vec<Request>,
        applied: Applied,
        written: &HashSet<CallId>,
    ) -> Vec<Request> {
        let mut ready = Vec::new();
        let mut overtaken = HashSet::new();
        for (call, draft) in applied.drafts {
            if written.contains(&call) {
                ready.extend(ready_commands(call, &draft));
                self.cache.put(call, draft.held);
            } else {
                self.cache.forget(call);
                overtaken.insert(call);
            }
        }
        if !ready.is_empty() {
            // Nobody listens in a process that performs no commands; the sweep finds them.
            let _nobody = self.ready.send(ready);
        }
        let mut again = Vec::new();
        for (request, outcome) in requests.into_iter().zip(applied.outcomes) {
            if outcome.is_ok() && overtaken.contains(&request.call) {
                again.push(request);
                continue;
            }
            let answer = outcome.and_then(|outcome| match self.cache.get(request.call) {
                Some(Held { call, plan, .. }) => {
                    Ok(Stepped { outcome, call: Arc::clone(call), plan: Arc::clone(plan) })
                }
                None => Err(Error::UnknownCall(request.call)),
            });
            let _gone = request.reply.send(answer);
        }
        again
    }
}

fn ready_commands(call: CallId, draft: &Draft) -> impl Iterator<Item = Ready> + '_ {
    draft.commands().map(move |(ordinal, command)| Ready {
        tenant: draft.tenant,
        command: CommandId { call, ordinal },
        queue: command.queue(),
        once_only: command.is_once_only(),
    })
}
