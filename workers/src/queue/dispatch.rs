//! Dispatch: workers that take jobs off a queue, watched over so that none is ever missing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use apalis::layers::WorkerBuilderExt;
use apalis_core::backend::ext::BackendExt;
use apalis_core::monitor::Monitor;
use apalis_core::worker::builder::WorkerBuilder;
use futures::StreamExt;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use warmline_workflows::call::Queue;

use super::{Job, Queues};

/// How many jobs of a queue this process works on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// The queue.
    pub queue: Queue,
    /// Jobs at once.
    pub jobs: usize,
}

/// What is done with a job. It cannot fail: whether and when a command is performed again is decided
/// in Postgres alone.
pub type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, ()> + Send + Sync>;

/// The first pause before a dead worker is replaced; doubles up to the last.
const RESTART_PAUSE_FIRST: Duration = Duration::from_millis(100);
const RESTART_PAUSE_LAST: Duration = Duration::from_secs(5);

/// Works on the queues until it is told to stop; then finishes what is under way.
pub async fn run(handler: Handler, queues: Queues, loads: Vec<Load>, stop: CancellationToken) {
    let listener = tokio::spawn(hear_others(queues.clone(), stop.clone()));
    let workers: Vec<_> = loads
        .into_iter()
        .filter(|load| load.jobs > 0)
        .map(|load| tokio::spawn(supervise(handler.clone(), queues.clone(), load, stop.clone())))
        .collect();
    for worker in workers {
        if let Err(error) = worker.await {
            tracing::error!(error = %error, "a supervisor of workers ended by itself");
        }
    }
    listener.abort();
}

/// Keeps one worker alive. A worker dies of any fault of Redis, quietly; it is replaced under a new
/// name, because the old name stays taken until its heartbeat is forgotten.
async fn supervise(handler: Handler, queues: Queues, load: Load, stop: CancellationToken) {
    let mut pause = RESTART_PAUSE_FIRST;
    while !stop.is_cancelled() {
        let began = tokio::time::Instant::now();
        queues.health.worker_began(load.queue);
        let ended = work(&handler, &queues, load, &stop).await;
        queues.health.worker_ended(load.queue, began.elapsed());
        if stop.is_cancelled() {
            return;
        }
        tracing::warn!(queue = %load.queue, ended, "a worker died and is replaced");
        metrics::counter!("warmline_worker_restarts_total", "queue" => load.queue.as_str()).increment(1);
        if began.elapsed() > RESTART_PAUSE_LAST {
            pause = RESTART_PAUSE_FIRST;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
        pause = (pause * 2).min(RESTART_PAUSE_LAST);
    }
}

async fn work(handler: &Handler, queues: &Queues, load: Load, stop: &CancellationToken) -> String {
    let name = worker_name(load.queue);
    let backend = queues.storage(load.queue).poll_with_strategy(queues.bell.listen());
    let handler = handler.clone();
    let perform = move |text: String| {
        let handler = handler.clone();
        async move {
            match Job::read(&text) {
                Ok(job) => handler(job).await,
                Err(error) => {
                    tracing::error!(queue = %load.queue, error, "a job that cannot be read was dropped")
                }
            }
        }
    };
    // Concurrency below catch-panic: a panicking effect must give its place back.
    let worker =
        WorkerBuilder::new(name.clone()).backend(backend).catch_panic().concurrency(load.jobs).build(perform);
    let worker = Mutex::new(Some(worker));
    let monitor = Monitor::new().register(move |_| {
        #[expect(
            clippy::expect_used,
            reason = "the monitor never restarts: each worker has a monitor of its own"
        )]
        worker.lock().unwrap_or_else(PoisonError::into_inner).take().expect("built once")
    });
    let monitored = monitor.context();
    let stopping = stop.clone();
    let stopper = tokio::spawn(async move {
        stopping.cancelled().await;
        // Takes no new job, and ends when those under way are done.
        if let Err(error) = monitored.shutdown() {
            tracing::warn!(error = %error, "a worker could not be told to stop");
        }
    });
    let ended = monitor.run().await;
    stopper.abort();
    match ended {
        Ok(()) => "without an error".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Unique per process, start and replacement.
fn worker_name(queue: Queue) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let process = std::process::id();
    let random: u32 = rand::random();
    format!("{queue}-{process}-{random:08x}-{count}")
}

/// Rings this process's bell when another process pushed.
async fn hear_others(queues: Queues, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Ok(mut pubsub) = queues.client.get_async_pubsub().await
            && pubsub.subscribe(queues.channel()).await.is_ok()
        {
            let mut messages = pubsub.on_message();
            while messages.next().await.is_some() {
                queues.bell.ring();
            }
        }
        tokio::time::sleep(RESTART_PAUSE_LAST).await;
    }
}
