//! How fast a file of leads is imported, beside a bare `COPY` of the very rows that came of it.
//!
//! `cargo xtask bench import` runs it against a Postgres with fsync on; `--rows 100000` makes it short. The
//! file has ten columns, and of a hundred rows 90 new numbers, 4 that are known, 4 that are no numbers and 2
//! that are not to be called. The yardstick is one `COPY` of the stored rows, in their stored form, into the
//! same table with the same indexes, as its owner and behind no wall.
//!
//! An import is timed from the moment a worker takes it to the moment it is finished; the upload before that
//! goes at the pace of whoever sends, and is shown beside it.

#![expect(clippy::print_stdout, reason = "the figures are for the terminal")]

#[path = "bench_import/file.rs"]
mod file;
#[path = "bench_import/memory.rs"]
mod memory;
#[path = "bench_import/world.rs"]
mod world;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use warmline_engine::Vault;
use warmline_engine::vault::{MasterKey, Secret};

use world::World;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Rows of the file, unless another number is given.
const ROWS: u64 = 1_000_000;

#[tokio::main]
async fn main() -> ExitCode {
    let Ok(url) = std::env::var("WARMLINE_BENCH_DATABASE_URL") else {
        eprintln!("WARMLINE_BENCH_DATABASE_URL is not set: run `cargo xtask bench import`");
        return ExitCode::from(2);
    };
    let mut args = std::env::args().skip_while(|arg| arg != "--rows").skip(1);
    let rows = args.next().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS).max(100);
    match bench(&url, rows).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the benchmark failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a part came to.
struct Measured {
    rows: u64,
    time: Duration,
}

impl Measured {
    fn rows_per_s(&self) -> f64 {
        self.rows as f64 / self.time.as_secs_f64()
    }
}

async fn bench(url: &str, rows: u64) -> Result<(), Failure> {
    let path = std::env::temp_dir().join(format!("warmline-bench-{}.csv", std::process::id()));
    file::write(&path, rows)?;
    let measured = measure(url, &path, rows).await;
    std::fs::remove_file(&path)?;
    measured
}

async fn measure(url: &str, path: &Path, rows: u64) -> Result<(), Failure> {
    let plain = World::create(url, Vault::plain(Vec::new(), None)).await?;
    let bytes = std::fs::metadata(path)?.len();
    println!("{rows} rows, {:.0} MB, fsync {}", bytes as f64 / 1e6, plain.fsync().await?);
    let off = import(&plain, path).await?;
    let copied = plain.copy_back().await?;
    plain.clear().await?;
    let master = MasterKey::new("bench", Secret::new([1; 32]))?;
    let sealing = World::create(url, Vault::sealing(vec![master], Secret::new([2; 32]))?).await?;
    let on = import(&sealing, path).await?;
    sealing.clear().await?;

    println!("{:<28}{:>10}{:>8}{:>10}{:>12}", "", "rows/s", "ratio", "peak MiB", "upload MB/s");
    println!("{:<28}{:>10.0}{:>8.2}", "bare COPY", copied.rows_per_s(), 1.0);
    for (name, imported) in [("import, encryption off", off), ("import, encryption on", on)] {
        println!(
            "{name:<28}{:>10.0}{:>8.2}{:>10.0}{:>12.0}",
            imported.run.rows_per_s(),
            imported.run.rows_per_s() / copied.rows_per_s(),
            imported.peak_mib,
            bytes as f64 / 1e6 / imported.upload.as_secs_f64(),
        );
    }
    Ok(())
}

/// What an import came to.
struct Imported {
    run: Measured,
    peak_mib: f64,
    upload: Duration,
}

async fn import(world: &World, path: &Path) -> Result<Imported, Failure> {
    memory::reset_peak()?;
    let began = Instant::now();
    let import = world.upload(path).await?;
    let upload = began.elapsed();
    world.checkpoint().await?;
    let began = Instant::now();
    let counts = world.perform(import).await?;
    let run = Measured { rows: counts.rows, time: began.elapsed() };
    println!(
        "{} rows: {} to be called, {} invalid, {} duplicates, {} not to be called; {:.1} s",
        counts.rows,
        counts.valid,
        counts.invalid,
        counts.duplicates,
        counts.do_not_call,
        run.time.as_secs_f64(),
    );
    Ok(Imported { run, peak_mib: memory::peak_mib()?, upload })
}
