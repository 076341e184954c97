//! One committer: takes the steps that wait, applies them, writes them with one statement.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::mpsc;
use warmline_workflows::CallId;
use warmline_workflows::call::{CommandId, Ordinal};

use super::batch::{Batch, Draft};
use super::cache::{Cache, Held};
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

/// A request whose outcome is known in memory and waits for the commit.
struct Pending {
    request: Request,
    outcome: Outcome,
}

/// How often a step is tried when its call moved meanwhile or the connection broke.
const TRIES_MAX: usize = 8;

impl Committer {
    pub(super) fn new(
        database: Database,
        options: Options,
        ready: mpsc::UnboundedSender<Vec<Ready>>,
    ) -> Self {
        Self { database, connection: None, cache: Cache::new(options.cached_calls), options, ready }
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
        let mut last_error = None;
        for attempt in 0..TRIES_MAX {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
            }
            match self.commit(requests).await {
                Ok(moved) if moved.is_empty() => return,
                Ok(moved) => requests = moved,
                Err((failed, error)) => {
                    // Whether the commit went through is not known. What is held may be stale; the
                    // keys stored with each call tell a step that is in from one that is not.
                    for request in &failed {
                        self.cache.forget(request.call);
                    }
                    self.connection = None;
                    tracing::warn!(error = %error, steps = failed.len(), "a batch of steps failed");
                    last_error = Some(error);
                    requests = failed;
                    if requests.len() > 1 && attempt > 0 {
                        // A step that always fails must fail alone.
                        return self.serve_singly(requests).await;
                    }
                }
            }
        }
        let error = last_error.unwrap_or_else(|| Error::Database("the call kept moving".to_owned()));
        for request in requests {
            let _gone = request.reply.send(Err(error.clone()));
        }
    }

    async fn serve_singly(&mut self, requests: Vec<Request>) {
        for request in requests {
            Box::pin(self.serve(vec![request])).await;
        }
    }

    /// One round: apply, write, answer. Gives back the requests whose call moved meanwhile.
    async fn commit(&mut self, mut requests: Vec<Request>) -> Result<Vec<Request>, (Vec<Request>, Error)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.database.committing().await {
                Ok(connection) => connection,
                Err(error) => return Err((requests, error)),
            },
        };
        if let Err(error) = self.load(&mut connection, &requests).await {
            return Err((requests, error));
        }
        if let Err(error) = gate::decide(&mut connection, &mut self.cache, &mut requests).await {
            return Err((requests, error));
        }
        let (pending, changed) = self.apply(requests);
        crash::point("step: before the commit");
        let written = match store::write(&mut connection, &changed).await {
            Ok(written) => written,
            Err(error) => return Err((pending.into_iter().map(|pending| pending.request).collect(), error)),
        };
        crash::point("step: after the commit");
        self.connection = Some(connection);
        Ok(self.answer(pending, changed, &written))
    }

    /// Brings the calls of a batch into the cache.
    async fn load(&mut self, connection: &mut PgConnection, requests: &[Request]) -> Result<(), Error> {
        let missing: HashMap<CallId, _> = requests
            .iter()
            .filter(|request| self.cache.get(request.call).is_none())
            .map(|request| (request.call, request.tenant))
            .collect();
        if !missing.is_empty() {
            for (call, held) in store::load(connection, &missing).await? {
                self.cache.put(call, held);
            }
        }
        Ok(())
    }

    /// Applies every request in its order; refuses those that do not belong to a call.
    fn apply(&mut self, requests: Vec<Request>) -> (Vec<Pending>, Vec<(CallId, Draft)>) {
        let mut batch = Batch::default();
        let mut pending = Vec::with_capacity(requests.len());
        for request in requests {
            let Some(held) = self.cache.get(request.call).filter(|held| held.plan.tenant == request.tenant)
            else {
                let _gone = request.reply.send(Err(Error::UnknownCall(request.call)));
                continue;
            };
            let draft = batch.draft(request.tenant, request.call, held);
            let outcome = match &request.work {
                Work::Tick { now } => draft.tick(*now),
                Work::Event(step) => {
                    if step.token.as_ref().is_some_and(|token| *token != held.plan.token) {
                        let _gone = request.reply.send(Err(Error::WrongToken(request.call)));
                        continue;
                    }
                    draft.apply(&step.event, &step.key, step.settles, step.now)
                }
            };
            pending.push(Pending { request, outcome });
        }
        (pending, batch.into_changed())
    }

    /// Announces what was committed and answers the callers; gives back the overtaken requests.
    fn answer(
        &mut self,
        pending: Vec<Pending>,
        changed: Vec<(CallId, Draft)>,
        written: &std::collections::HashSet<CallId>,
    ) -> Vec<Request> {
        let mut ready = Vec::new();
        let mut overtaken = Vec::new();
        for (call, draft) in changed {
            if written.contains(&call) {
                ready.extend(ready_commands(call, &draft));
                self.cache.put(call, draft.held);
            } else {
                self.cache.forget(call);
                overtaken.push(call);
            }
        }
        if !ready.is_empty() {
            // Nobody listens in a process that performs no commands; the sweep finds them.
            let _nobody = self.ready.send(ready);
        }
        let mut again = Vec::new();
        for Pending { request, outcome } in pending {
            if overtaken.contains(&request.call) {
                again.push(request);
                continue;
            }
            let answer = match self.cache.get(request.call) {
                Some(Held { call, plan, .. }) => {
                    Ok(Stepped { outcome, call: Arc::clone(call), plan: Arc::clone(plan) })
                }
                None => Err(Error::UnknownCall(request.call)),
            };
            let _gone = request.reply.send(answer);
        }
        again
    }
}

fn ready_commands(call: CallId, draft: &Draft) -> impl Iterator<Item = Ready> + '_ {
    draft.lines.iter().flat_map(move |line| {
        (0_u16..).zip(&line.commands).map(move |(index, command)| Ready {
            tenant: draft.tenant,
            command: CommandId { call, ordinal: Ordinal { version: line.version, index } },
            queue: command.queue(),
            once_only: command.is_once_only(),
        })
    })
}
