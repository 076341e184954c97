//! The `warmline` program: reads the command line and the configuration, and becomes one role.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use warmline::cli::{Cli, Command};
use warmline::config::Config;
use warmline::{admin, check, config, cost, dev, leads_file, rehearse, roles, simulate, telemetry};

/// What a wrong or missing setting ends with.
const MISCONFIGURED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(error) => return misconfigured(&error),
    };
    let _telemetry = match telemetry::start(&config, log_filter(&config, &cli.command)) {
        Ok(telemetry) => telemetry,
        Err(error) => return failed(&error),
    };
    match run(&cli.command, &config) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    if let Some(error) = error.downcast_ref::<config::Error>() {
        return misconfigured(error);
    }
    let _closed = writeln!(std::io::stderr(), "warmline: {error:#}");
    ExitCode::FAILURE
}

fn run(command: &Command, config: &Config) -> anyhow::Result<ExitCode> {
    if let Command::Dev(options) = command {
        dev::run(options)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Cost(options) = command {
        cost::run(options, &config.rates)?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve => Box::pin(roles::serve(config)).await?,
            Command::Work(work) => Box::pin(roles::work(config, work.queues.clone())).await?,
            Command::Schedule => Box::pin(roles::schedule(config)).await?,
            Command::Migrate => roles::migrate(config).await?,
            Command::RotateKeys => roles::rotate_keys(config).await?,
            Command::Import(options) => leads_file::run(config, options).await?,
            Command::Admin(options) => admin::run(config, options).await?,
            Command::Simulate(options) => simulate::run(options, config.timeline).await?,
            Command::Check if !check::run(config).await => return Ok(ExitCode::FAILURE),
            Command::Rehearse if !rehearse::run(config).await? => return Ok(ExitCode::FAILURE),
            Command::Check | Command::Rehearse | Command::Cost(_) | Command::Dev(_) => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn misconfigured(error: &config::Error) -> ExitCode {
    let _closed = writeln!(std::io::stderr(), "warmline: {error}");
    ExitCode::from(MISCONFIGURED)
}

/// Logs go to standard error, so that what a command prints can be read by other programs. `dev`
/// draws on the screen: there, only warnings of our own are worth disturbing the picture.
fn log_filter<'a>(config: &'a Config, command: &Command) -> &'a str {
    let quiet = matches!(command, Command::Dev(_)) && std::env::var_os("WARMLINE_LOG").is_none();
    if quiet { "error" } else { config.log_filter.as_str() }
}
