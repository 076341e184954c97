//! `warmline simulate`: the simulated carrier by itself.

use std::net::Ipv4Addr;

use anyhow::Context as _;
use tokio::net::TcpListener;
use warmline_simulator::{Config, Simulator};

use crate::app::signal;
use crate::cli::Simulate;

/// Plays the carrier until told to end.
///
/// # Errors
/// When the settings cannot be read, the ledger neither, or the port is taken.
pub async fn run(options: &Simulate, timeline: warmline_workflows::Timeline) -> anyhow::Result<()> {
    let mut config = match &options.config {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            serde_json::from_str(&text)
                .with_context(|| format!("{} is not a carrier's settings", path.display()))?
        }
        None => Config { timeline, ..Config::default() },
    };
    config.ledger_path = options.ledger.clone().or(config.ledger_path);
    let account_sid = config.account_sid.clone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .with_context(|| format!("cannot listen on port {}; choose another with --port", options.port))?;
    let simulator = Simulator::start(config, listener)?;
    tracing::info!(
        twilio_api_base = %simulator.base_url(), account_sid, ledger = %format!("{}/simulator/ledger", simulator.origin()),
        "SIMULATED CARRIER: nobody is phoned"
    );
    signal().await?;
    simulator.stop().await;
    Ok(())
}
