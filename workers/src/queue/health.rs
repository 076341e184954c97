//! Health: which queues of this process have a worker, and which have been without one for too long.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use warmline_workflows::call::Queue;

/// What is known of the workers of this process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<Queue, Worker>>>);

/// The worker of one queue, in its replacements.
#[derive(Debug, Clone, Copy)]
struct Worker {
    alive: bool,
    /// Since when it is alive, or when the first of a row of short-lived ones died.
    since: Instant,
}

/// A dead worker is replaced within seconds. One that lives shorter than this was never well.
const GRACE: Duration = Duration::from_secs(10);

impl Health {
    pub(super) fn worker_began(&self, queue: Queue) {
        metrics::gauge!("warmline_worker_up", "queue" => queue.as_str()).set(1.0);
        let now = Instant::now();
        let worker = Worker { alive: true, since: now };
        self.workers().entry(queue).and_modify(|worker| worker.alive = true).or_insert(worker);
    }

    pub(super) fn worker_ended(&self, queue: Queue, lived: Duration) {
        metrics::gauge!("warmline_worker_up", "queue" => queue.as_str()).set(0.0);
        if let Some(worker) = self.workers().get_mut(&queue) {
            worker.alive = false;
            if lived >= GRACE {
                worker.since = Instant::now();
            }
        }
    }

    /// The queues of this process that nobody works on, though somebody should, for longer than a
    /// replacement takes.
    #[must_use]
    pub fn unattended(&self) -> Vec<Queue> {
        let workers = self.workers();
        let unattended =
            workers.iter().filter(|(_, worker)| !worker.alive && worker.since.elapsed() >= GRACE);
        unattended.map(|(queue, _)| *queue).collect()
    }

    fn workers(&self) -> MutexGuard<'_, BTreeMap<Queue, Worker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
