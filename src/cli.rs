//! The command line: one binary, one sub-command per role.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use warmline_workers::queue::Load;
use warmline_workflows::call::Queue;

use crate::cost;

/// Self-hosted outbound calling: every call is a durable workflow.
#[derive(Debug, Parser)]
#[command(name = "warmline", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The roles and tools.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take the carrier's webhooks over HTTP. Run as many as you like behind a balancer.
    Serve,
    /// Perform commands from the queues. Run as many as you like; each queue is scaled by itself.
    Work(Work),
    /// Do what one process does for all: timers, pacing, sweeps, rescue. Run two, one leads.
    Schedule,
    /// Run everything in one process, on private servers, against a simulated carrier.
    Dev(Dev),
    /// Bring the database up to this version.
    Migrate,
    /// Seal personal data with new keys, while everything goes on. Takes some minutes.
    RotateKeys,
    /// Import a file of leads into a campaign.
    Import(Import),
    /// Run the simulated carrier by itself, to rehearse a campaign without phoning anybody.
    Simulate(Simulate),
    /// Make somebody an admin of the installation, who runs its organisations.
    Admin(Admin),
    /// Forecast what a month of calling would cost. Needs no database.
    Cost(Box<cost::Options>),
    /// Check configuration, database, Redis, carrier credentials and numbers.
    Check,
    /// Try the carrier out with its test credentials and magic numbers: nobody is phoned.
    Rehearse,
}

/// What `work` takes.
#[derive(Debug, Args)]
pub struct Work {
    /// A queue and how many jobs of it to work on at once, such as `dial=64`. May be repeated; queues
    /// that are not named are left to other processes. Without any: what WARMLINE_QUEUES says.
    #[arg(long = "queue", value_name = "QUEUE=JOBS", value_parser = load)]
    pub queues: Vec<Load>,
}

/// What `dev` takes.
#[derive(Debug, Args)]
pub struct Dev {
    /// Load the sample leads, start a campaign, and show how it goes.
    #[arg(long)]
    pub demo: bool,
    /// With --demo: end when the campaign is finished.
    #[arg(long, requires = "demo")]
    pub once: bool,
    /// Begin anew, even if an earlier run was interrupted.
    #[arg(long)]
    pub fresh: bool,
    /// Business seconds per real second, 1 to 600: 60 with --demo, else 1, when left out.
    #[arg(long, value_parser = factor)]
    pub factor: Option<f64>,
    /// Do not build the console, though its sources are newer.
    #[arg(long)]
    pub no_console: bool,
    /// Where webhooks are taken; another free port is used when this one is taken.
    #[arg(long, default_value_t = 3000)]
    pub port: u16,
    /// The leads of the demo.
    #[arg(long, default_value = "sample_leads.csv")]
    pub leads: PathBuf,
}

/// What `admin` takes.
#[derive(Debug, Args)]
pub struct Admin {
    /// The address that logs in. A user of the organisation with it becomes an admin; otherwise an invitation
    /// is made, and its token printed.
    #[arg(long)]
    pub email: String,
    /// As shown to people, when there is no such user yet.
    #[arg(long)]
    pub name: Option<String>,
    /// The organisation, by name or id. Without it: the one of the admins there are, or a new one.
    #[arg(long)]
    pub tenant: Option<String>,
}

/// What `import` takes.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file with a header line.
    pub file: PathBuf,
    /// The organisation's name.
    #[arg(long)]
    pub tenant: String,
    /// The campaign's name.
    #[arg(long)]
    pub campaign: String,
    /// Which column goes where, as JSON: {"CSV column":"db_field"}. Columns are matched by their names
    /// otherwise.
    #[arg(long)]
    pub mapping: Option<String>,
    /// Do everything but store leads, and say what would become of each row.
    #[arg(long)]
    pub dry_run: bool,
}

/// What `simulate` takes.
#[derive(Debug, Args)]
pub struct Simulate {
    /// The port to listen on; 0 for any free one.
    #[arg(long, default_value_t = 4010)]
    pub port: u16,
    /// Settings as a JSON file: account_sid, auth_token, numbers, scripts, distribution, faults, cps ...
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// Where to keep the ledger of what the carrier did, so that it survives a restart.
    #[arg(long)]
    pub ledger: Option<PathBuf>,
}

fn load(text: &str) -> Result<Load, String> {
    let (queue, jobs) = text.split_once('=').ok_or("expected QUEUE=JOBS, such as dial=64")?;
    let queue: Queue =
        queue.parse().map_err(|error: warmline_workflows::words::UnknownWord| error.to_string())?;
    let jobs = jobs.parse().ok().filter(|jobs| (1..=10_000).contains(jobs));
    Ok(Load { queue, jobs: jobs.ok_or("the number of jobs at once is 1 to 10000")? })
}

fn factor(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "expected a number from 1 to 600".to_owned())?;
    if (1.0..=600.0).contains(&factor) {
        Ok(factor)
    } else {
        Err("expected a number from 1 to 600".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_load_names_a_queue_and_a_number() {
        assert_eq!(load("live=32"), Ok(Load { queue: Queue::Live, jobs: 32 }));
        for wrong in ["dial", "dial=", "dial=0", "dial=99999", "mail=3", "=3"] {
            assert!(load(wrong).is_err(), "{wrong}");
        }
    }
}
