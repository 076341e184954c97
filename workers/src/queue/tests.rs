//! The queues on a real Redis, through everything that is known to break the library's defaults.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apalis_core::backend::TaskSink as _;
use apalis_core::task::builder::TaskBuilder;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use warmline_embedded::{Home, Redis};
use warmline_engine::Ready;
use warmline_workflows::call::{CommandId, Ordinal, Queue};
use warmline_workflows::{CallId, TenantId};

use super::{Bell, Handler, Job, Load, Queues, Work, keep_clean, run};

/// A private Redis with one worker process on it, and what that has performed.
struct Bench {
    redis: Redis,
    queues: Queues,
    performed: Arc<Mutex<Vec<CommandId>>>,
    stop: CancellationToken,
    _home: Home,
}

const QUEUE: Queue = Queue::Live;

impl Bench {
    async fn start() -> Self {
        let bench = Self::without_workers().await;
        bench.work();
        bench
    }

    async fn without_workers() -> Self {
        let home = Home::scratch().unwrap();
        let redis = Redis::start(&home, &mut |_| {}).unwrap();
        let queues = Queues::connect(&redis.url(), "test").await.unwrap();
        Self { redis, queues, performed: Arc::default(), stop: CancellationToken::new(), _home: home }
    }

    fn work(&self) {
        let performed = Arc::clone(&self.performed);
        let handler: Handler = Arc::new(move |job: Job| {
            let performed = Arc::clone(&performed);
            Box::pin(async move { performed.lock().unwrap().push(command(job)) })
        });
        self.work_with(handler);
    }

    fn work_with(&self, handler: Handler) {
        tokio::spawn(keep_clean(self.queues.clone(), self.stop.clone()));
        tokio::spawn(run(
            handler,
            self.queues.clone(),
            vec![Load { queue: QUEUE, jobs: 8 }],
            self.stop.clone(),
        ));
    }

    async fn has_performed(&self, count: usize) {
        let what = format!("{count} commands performed");
        until(&what, async || self.performed.lock().unwrap().len() >= count).await;
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds().await {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn command(job: Job) -> CommandId {
    match job.work {
        Work::Command { id, .. } => id,
        other => panic!("a test pushed {other:?}"),
    }
}

fn commands(count: u32) -> Vec<Ready> {
    let call = CallId(Uuid::from_u128(7));
    (1..=count)
        .map(|version| Ready {
            tenant: TenantId(Uuid::from_u128(1)),
            command: CommandId { call, ordinal: Ordinal { version, index: 0 } },
            queue: QUEUE,
            once_only: false,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_pushed_twice_is_one_job_and_a_later_round_is_another() {
    let bench = Bench::without_workers().await;
    let ready = commands(3);
    bench.queues.push(&ready, 0).await.unwrap();
    bench.queues.push(&ready, 0).await.unwrap();
    bench.queues.push(&ready, 1).await.unwrap();
    bench.work();
    bench.has_performed(6).await;
    let mut performed = bench.performed.lock().unwrap().clone();
    performed.sort();
    assert_eq!(performed, [1, 1, 2, 2, 3, 3].map(|n| ready[n - 1].command));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_due_jobs_than_the_library_can_move_at_once_do_not_wedge_the_queue() {
    let bench = Bench::without_workers().await;
    bench.queues.push(&commands(9000), 0).await.unwrap();
    bench.work();
    bench.has_performed(9000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_worker_is_woken_by_a_push_and_not_by_its_tick() {
    let mut bench = Bench::without_workers().await;
    // Without a tick and with a heartbeat only every five seconds, thirty rounds fit into the minute
    // that `until` allows because the bell is heard.
    bench.queues.bell = Bell::with_tick(Duration::from_secs(3600));
    bench.work();
    for round in 0..30 {
        bench.queues.push(&commands(1), round).await.unwrap();
        bench.has_performed(1 + usize::try_from(round).unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_and_panics_cost_their_own_job_and_nothing_else() {
    let bench = Bench::without_workers().await;
    let mut storage = bench.queues.storage(QUEUE);
    storage.push_task(TaskBuilder::new("no job at all".to_owned()).build()).await.unwrap();
    let performed = Arc::clone(&bench.performed);
    bench.work_with(Arc::new(move |job: Job| {
        let performed = Arc::clone(&performed);
        Box::pin(async move {
            assert!(command(job).ordinal.version != 2, "a planned panic");
            performed.lock().unwrap().push(command(job));
        })
    }));
    bench.queues.push(&commands(4), 0).await.unwrap();
    bench.has_performed(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flushed_and_a_restarted_redis_heal_by_themselves() {
    let mut bench = Bench::start().await;
    bench.queues.push(&commands(1), 0).await.unwrap();
    bench.has_performed(1).await;
    let mut connection = bench.queues.connection();
    redis::cmd("FLUSHALL").query_async::<()>(&mut connection).await.unwrap();
    // What Redis forgets comes again with the sweep; here the test is the sweep.
    let rounds = AtomicUsize::new(1);
    let push = async || {
        let round = rounds.fetch_add(1, Ordering::SeqCst);
        let _down = bench.queues.push(&commands(1), u64::try_from(round).unwrap()).await;
    };
    let count = || bench.performed.lock().unwrap().len();
    let before = count();
    until("performed after the flush", async || {
        push().await;
        count() > before
    })
    .await;
    bench.redis.kill_hard();
    bench.redis.restart().unwrap();
    let push = async || {
        let round = rounds.fetch_add(1, Ordering::SeqCst);
        let _down = bench.queues.push(&commands(1), u64::try_from(round).unwrap()).await;
    };
    let before = bench.performed.lock().unwrap().len();
    until("performed after the restart", async || {
        push().await;
        bench.performed.lock().unwrap().len() > before
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_jobs_leave_nothing_in_redis() {
    let bench = Bench::start().await;
    bench.queues.push(&commands(700), 0).await.unwrap();
    bench.has_performed(700).await;
    let config = bench.queues.config(QUEUE);
    let mut connection = bench.queues.connection();
    until("the finished jobs are forgotten", async || {
        let data: usize =
            redis::cmd("HLEN").arg(config.job_data_hash()).query_async(&mut connection).await.unwrap();
        let done: usize =
            redis::cmd("SCARD").arg(config.done_jobs_set()).query_async(&mut connection).await.unwrap();
        data + done == 0
    })
    .await;
}
