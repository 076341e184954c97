//! A simulated carrier as a program of its own: prints its URL on the first line, and serves until
//! it is told to stop.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Parser;
use jiff::Timestamp;
use tokio::net::TcpListener;
use warmline_simulator::{Config, Simulator};
use warmline_workflows::Timeline;

/// A Twilio that never phones anybody.
#[derive(Parser)]
struct Options {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// A JSON file with the settings of the carrier: account, numbers, scripts, faults, …
    #[arg(long)]
    config: Option<PathBuf>,
    /// Seconds of carrier time per real second, from now on; instead of the timeline in the file.
    #[arg(long)]
    factor: Option<f64>,
    /// Where to keep the ledger; instead of the place in the file.
    #[arg(long)]
    ledger: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let options = Options::parse();
    let mut config = match &options.config {
        Some(path) => serde_json::from_slice(&std::fs::read(path)?)?,
        None => Config::default(),
    };
    if let Some(factor) = options.factor {
        let now = Timestamp::now();
        config.timeline = Timeline { real_start: now, business_start: now, factor };
    }
    config.ledger_path = options.ledger.or(config.ledger_path);
    let listener = TcpListener::bind((options.host, options.port)).await?;
    let simulator = Simulator::start(config, listener)?;
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", simulator.origin())?;
    stdout.flush()?;
    tokio::signal::ctrl_c().await?;
    simulator.stop().await;
    Ok(())
}
