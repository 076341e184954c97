//! How fast the API answers about a large organisation, while webhooks come in, beside bare SQL.
//!
//! `cargo xtask bench api` runs it against a Postgres with fsync on, with a million leads and five million calls;
//! `--leads 20000 --calls 100000` makes it short. Every operation is asked over HTTP by a few clients at once, for
//! things chosen at random, while the carrier's webhooks come at a steady rate and each is committed. The yardstick
//! is the same question in bare SQL through one connection, with nobody else asking.
//!
//! Leads and calls are copies, made by SQL, of a few that the engine led through their lives: their plans and
//! snapshots are as large as real ones. Journals are made for the last calls only, since nothing but the operation
//! that gets one call reads them.

#![expect(clippy::print_stdout, reason = "the figures are for the terminal")]

#[path = "bench_api/fill.rs"]
mod fill;
#[path = "bench_api/hooks.rs"]
mod hooks;
#[path = "bench_api/latency.rs"]
mod latency;
#[path = "bench_api/questions.rs"]
mod questions;
#[path = "bench_api/world.rs"]
mod world;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use hooks::Hooks;
use latency::Latency;
use questions::Question;
use world::World;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is made and asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) leads: u32,
    pub(crate) calls: u32,
    pub(crate) clients: u32,
    pub(crate) requests: u32,
    pub(crate) hooks_per_s: u32,
}

impl Sizes {
    fn from_args() -> Result<Self, Failure> {
        let mut sizes =
            Self { leads: 1_000_000, calls: 5_000_000, clients: 4, requests: 400, hooks_per_s: 500 };
        let mut args = std::env::args().skip(1);
        while let Some(name) = args.next() {
            let field = match name.as_str() {
                "--leads" => &mut sizes.leads,
                "--calls" => &mut sizes.calls,
                "--clients" => &mut sizes.clients,
                "--requests" => &mut sizes.requests,
                "--hooks-per-s" => &mut sizes.hooks_per_s,
                other => return Err(format!("{other}: there is no such option").into()),
            };
            *field = args.next().ok_or_else(|| format!("{name} needs a number"))?.parse()?;
        }
        Ok(sizes)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Ok(url) = std::env::var("WARMLINE_BENCH_DATABASE_URL") else {
        eprintln!("WARMLINE_BENCH_DATABASE_URL is not set: run `cargo xtask bench api`");
        return ExitCode::from(2);
    };
    let outcome = match Sizes::from_args() {
        Ok(sizes) => bench(&url, sizes).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the benchmark failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn bench(url: &str, sizes: Sizes) -> Result<(), Failure> {
    let start = Instant::now();
    let world = World::create(url, sizes).await?;
    println!(
        "{} leads, {} calls, {} journal lines, {:.1} GB, made in {} s; fsync {}",
        sizes.leads,
        world.number("select count(*) from calls").await?,
        world.number("select count(*) from journal").await?,
        world.number("select pg_database_size(current_database())").await? as f64 / 1e9,
        start.elapsed().as_secs(),
        world.text("show fsync").await?,
    );
    let questions = questions::all(&world).await?;
    let mut yardsticks = Vec::new();
    for question in &questions {
        yardsticks.push(yardstick(&world, question, sizes.requests / 4).await?);
    }
    let alone = Hooks::start(&world, sizes.hooks_per_s);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let alone = alone.stop().await?;
    let hooks = Hooks::start(&world, sizes.hooks_per_s);
    let began = Instant::now();
    let mut answers = Vec::new();
    for question in &questions {
        answers.push(ask(&world, question, sizes).await?);
    }
    let took = began.elapsed();
    let busy = hooks.stop().await?;
    report(&questions, &yardsticks, &answers);
    println!("{} clients, {} requests of each kind, in {} s", sizes.clients, sizes.requests, took.as_secs());
    for (when, hooks) in [("with nothing else", &alone), ("under that load", &busy)] {
        println!(
            "webhooks at {}/s, {when}: {} answered, p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
            sizes.hooks_per_s,
            hooks.count(),
            hooks.p(0.5),
            hooks.p(0.95),
            hooks.p(0.99),
        );
    }
    println!("webhooks, p95 under load to p95 alone: {:.2}x", busy.p(0.95) / alone.p(0.95));
    Ok(())
}

/// A yardstick that takes seconds each time is not asked for any longer than this.
const YARDSTICK_MAX: Duration = Duration::from_secs(10);

/// The bare SQL of a question, by one connection.
async fn yardstick(world: &World, question: &Question, times: u32) -> Result<Latency, Failure> {
    let mut latency = Latency::default();
    let start = Instant::now();
    for n in 0..times.max(10) {
        if start.elapsed() > YARDSTICK_MAX {
            break;
        }
        let sql = question.sql(n);
        let began = Instant::now();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_all(&world.sql).await?;
        latency.add(began.elapsed());
    }
    Ok(latency)
}

/// A question over HTTP, by several clients at once.
async fn ask(world: &World, question: &Question, sizes: Sizes) -> Result<Latency, Failure> {
    let token = world.login().await?;
    let clients: Vec<_> = (0..sizes.clients)
        .map(|client| {
            let (http, base, token) = (world.http.clone(), world.base.clone(), token.clone());
            let paths: Vec<String> = (0..sizes.requests / sizes.clients.max(1))
                .map(|n| question.path(n * sizes.clients + client))
                .collect();
            tokio::spawn(async move {
                let mut latency = Latency::default();
                for path in paths {
                    let began = Instant::now();
                    let reply = http.get(format!("{base}{path}")).bearer_auth(&token).send().await?;
                    let status = reply.status();
                    let body = reply.text().await?;
                    latency.add(began.elapsed());
                    if !status.is_success() {
                        return Err(Failure::from(format!("{path}: {status}: {body}")));
                    }
                }
                Ok(latency)
            })
        })
        .collect();
    let mut all = Latency::default();
    for client in clients {
        all.merge(client.await??);
    }
    Ok(all)
}

fn report(questions: &[Question], yardsticks: &[Latency], answers: &[Latency]) {
    println!(
        "{:<44}{:>9}{:>9}{:>9}{:>11}{:>11}{:>10}",
        "", "p50 ms", "p95 ms", "p99 ms", "SQL p50", "SQL p95", "p95 ratio"
    );
    for ((question, sql), http) in questions.iter().zip(yardsticks).zip(answers) {
        println!(
            "{:<44}{:>9.1}{:>9.1}{:>9.1}{:>11.1}{:>11.1}{:>9.1}x",
            question.name,
            http.p(0.5),
            http.p(0.95),
            http.p(0.99),
            sql.p(0.5),
            sql.p(0.95),
            http.p(0.95) / sql.p(0.95),
        );
    }
    let worst = answers.iter().map(|latency| latency.p(0.95)).fold(0.0, f64::max);
    println!("the slowest p95 of all: {worst:.1} ms");
}
