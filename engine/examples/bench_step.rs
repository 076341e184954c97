//! How fast the durable step is: the engine beside two yardsticks, in turns on the same Postgres.
//!
//! `cargo xtask bench step` runs it against a Postgres with fsync on. Every figure is the median of
//! several rounds; in a round each part runs for about a second. Machines are noisy: trust the ratios.
//!
//! - *Engine*: so many calls at once, each led through its life step by step; the next event of a call
//!   comes when the one before is stored. Calls are opened between the timed parts.
//! - *Plain loop*: one transaction per step that locks the call and writes the same rows one by one.
//! - *Batches*: pgbench writing the rows of 32 steps in each transaction, without deciding anything.

#![expect(clippy::print_stdout, reason = "the figures are for the terminal")]

#[path = "bench_step/cpu.rs"]
mod cpu;
#[path = "bench_step/life.rs"]
mod life;
#[path = "bench_step/measure.rs"]
mod measure;
#[path = "bench_step/pgbench.rs"]
mod pgbench;
#[path = "bench_step/plain.rs"]
mod plain;
#[path = "bench_step/world.rs"]
mod world;

use std::process::ExitCode;
use std::time::Duration;

use measure::{Lanes, Measured, median};
use pgbench::Pgbench;
use world::World;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Rounds, unless another number is given.
const ROUNDS: usize = 5;
/// Concurrent calls of the engine, and how many calls are led in a part.
const ENGINE: [(usize, usize); 4] = [(1, 80), (64, 1280), (256, 2048), (512, 2560)];
/// Clients of the plain loop, and how many calls are led in a part.
const PLAIN: [(usize, usize); 4] = [(1, 64), (8, 256), (16, 256), (32, 256)];
/// Clients of pgbench.
const BATCHES: [usize; 3] = [4, 8, 16];

#[tokio::main]
async fn main() -> ExitCode {
    let Ok(url) = std::env::var("WARMLINE_BENCH_DATABASE_URL") else {
        eprintln!("WARMLINE_BENCH_DATABASE_URL is not set: run `cargo xtask bench step`");
        return ExitCode::from(2);
    };
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS).max(1);
    match bench(&url, rounds).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the benchmark failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The figures of all rounds.
#[derive(Default)]
struct Figures {
    engine: Vec<[Measured; ENGINE.len()]>,
    cpu_us: Vec<[f64; ENGINE.len()]>,
    plain: Vec<[Measured; PLAIN.len()]>,
    batches: Vec<[f64; BATCHES.len()]>,
}

async fn bench(url: &str, rounds: usize) -> Result<(), Failure> {
    let mut world = World::create(url).await?;
    let outcome = measure_rounds(&mut world, rounds).await;
    world.destroy().await?;
    report(&outcome?);
    Ok(())
}

async fn measure_rounds(world: &mut World, rounds: usize) -> Result<Figures, Failure> {
    let fsync: String = sqlx::query_scalar("show fsync").fetch_one(&world.pool).await?;
    let mut pgbench = Pgbench::prepare(world, BATCHES.into_iter().max().unwrap_or(1)).await?;
    let sample = Lanes::deal(world.lives(life::MIX.len()).await?, 1);
    println!("{rounds} rounds, fsync {fsync}; {}", sample.describe());
    let mut figures = Figures::default();
    let mut turns = sample.turns();
    measure::engine(&world.engine, sample).await?;
    // First of all a round that does not count, to warm everything up.
    for round in 0..=rounds {
        let (engine, cpu_us) = engine_parts(world, &mut turns).await?;
        let plain = plain_parts(world, &mut turns).await?;
        let mut batches = [f64::NAN; BATCHES.len()];
        if let Some(pgbench) = &mut pgbench {
            for (part, clients) in BATCHES.into_iter().enumerate() {
                batches[part] = pgbench.run(clients)?;
            }
        }
        if round > 0 {
            figures.engine.push(engine);
            figures.cpu_us.push(cpu_us);
            figures.plain.push(plain);
            figures.batches.push(batches);
        }
    }
    world.audit(turns).await?;
    Ok(figures)
}

async fn engine_parts(
    world: &mut World,
    turns: &mut usize,
) -> Result<([Measured; ENGINE.len()], [f64; ENGINE.len()]), Failure> {
    let mut measured = [Measured::new(Vec::new(), Duration::ZERO); ENGINE.len()];
    let mut cpu_us = [0.0; ENGINE.len()];
    for (part, (clients, calls)) in ENGINE.into_iter().enumerate() {
        let lanes = Lanes::deal(world.lives(calls).await?, clients);
        let engine = world.engine().await?;
        let steps = lanes.turns();
        *turns += steps;
        let before = cpu::used(world.postmaster)?;
        measured[part] = measure::engine(&engine, lanes).await?;
        let used = cpu::used(world.postmaster)?.saturating_sub(before);
        cpu_us[part] = used.as_secs_f64() * 1e6 / steps as f64;
        engine.database().close().await;
    }
    Ok((measured, cpu_us))
}

async fn plain_parts(world: &mut World, turns: &mut usize) -> Result<[Measured; PLAIN.len()], Failure> {
    let mut measured = [Measured::new(Vec::new(), Duration::ZERO); PLAIN.len()];
    for (part, (clients, calls)) in PLAIN.into_iter().enumerate() {
        let lanes = Lanes::deal(world.lives(calls).await?, clients);
        *turns += lanes.turns();
        measured[part] = plain::run(&world.options, lanes).await?;
    }
    Ok(measured)
}

fn report(figures: &Figures) {
    let rounds = figures.engine.len();
    let of_rounds = |figure: &dyn Fn(usize) -> f64| median((0..rounds).map(figure).collect());
    let plain = |part: usize| of_rounds(&|round| figures.plain[round][part].steps_per_s);
    let batch = |part: usize| of_rounds(&|round| figures.batches[round][part]);
    let best = |parts: usize, figure: &dyn Fn(usize) -> f64| {
        (0..parts).max_by(|a, b| figure(*a).total_cmp(&figure(*b))).unwrap_or(0)
    };
    let (best_plain, best_batch) = (best(PLAIN.len(), &plain), best(BATCHES.len(), &batch));
    println!("{:<34}{:>9}{:>9}{:>9}{:>12}", "", "steps/s", "p50 ms", "p99 ms", "CPU us/step");
    for (part, (clients, _)) in ENGINE.into_iter().enumerate() {
        let row = |figure: fn(&Measured) -> f64| of_rounds(&|round| figure(&figures.engine[round][part]));
        println!(
            "{:<34}{:>9.0}{:>9.2}{:>9.2}{:>12.0}",
            format!("engine, {clients} concurrent"),
            row(|measured| measured.steps_per_s),
            row(|measured| measured.p50_ms),
            row(|measured| measured.p99_ms),
            of_rounds(&|round| figures.cpu_us[round][part]),
        );
    }
    for (part, (clients, _)) in PLAIN.into_iter().enumerate() {
        let row = |figure: fn(&Measured) -> f64| of_rounds(&|round| figure(&figures.plain[round][part]));
        println!(
            "{:<34}{:>9.0}{:>9.2}{:>9.2}",
            format!("plain loop, {clients} clients{}", if part == best_plain { " (best)" } else { "" }),
            row(|measured| measured.steps_per_s),
            row(|measured| measured.p50_ms),
            row(|measured| measured.p99_ms),
        );
    }
    if batch(best_batch).is_nan() {
        println!("batches of 32: skipped, WARMLINE_BENCH_PG_BIN names no folder with pgbench");
    } else {
        for (part, clients) in BATCHES.into_iter().enumerate() {
            let mark = if part == best_batch { " (best)" } else { "" };
            println!("{:<34}{:>9.0}", format!("pgbench, 32 a batch, {clients} clients{mark}"), batch(part));
        }
    }
    // Each ratio is taken within a round, where engine and yardstick met the same weather.
    let latency = of_rounds(&|round| figures.engine[round][0].p50_ms / figures.plain[round][0].p50_ms);
    println!("engine at 1 call: {latency:.2}x the latency of the plain loop with 1 client");
    for (part, (clients, _)) in ENGINE.into_iter().enumerate().skip(1) {
        let to = |yardstick: &dyn Fn(usize) -> f64| {
            of_rounds(&|round| figures.engine[round][part].steps_per_s / yardstick(round))
        };
        let to_batches = to(&|round| figures.batches[round][best_batch]);
        if !to_batches.is_nan() {
            println!("engine at {clients} concurrent calls: {to_batches:.2}x the batches of 32");
        }
        let to_plain = to(&|round| figures.plain[round][best_plain].steps_per_s);
        println!("engine at {clients} concurrent calls: {to_plain:.1}x the plain loop");
    }
}
