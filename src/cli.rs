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
    use clap::error::ErrorKind;

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

    #[test]
    fn what_documents_say_is_understood() {
        // Goal: every `warmline ...` in a document names a sub-command and options that there are.
        let mut seen = 0;
        for path in documents(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))) {
            let text = std::fs::read_to_string(&path).unwrap();
            for (line, text) in (1..).zip(text.lines()) {
                for command in commands(text) {
                    seen += 1;
                    let read = Cli::try_parse_from(words(command));
                    let wrong = read.err().filter(|error| !is_unfinished(error.kind()));
                    assert!(wrong.is_none(), "{}:{line}: {command}\n{}", path.display(), wrong.unwrap());
                }
            }
        }
        assert!(seen > 60, "only {seen} commands were found");
        let wrong = ["warmline serves", "warmline work --queues live=4", "warmline check --now"];
        for command in wrong {
            assert!(!is_unfinished(Cli::try_parse_from(words(command)).unwrap_err().kind()), "{command}");
        }
    }

    /// A text may name a command without all that it needs, or ask for its help.
    fn is_unfinished(kind: ErrorKind) -> bool {
        matches!(
            kind,
            ErrorKind::MissingRequiredArgument
                | ErrorKind::DisplayHelp
                | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                | ErrorKind::InvalidValue
        )
    }

    fn documents(root: &std::path::Path) -> Vec<PathBuf> {
        let inside = ["README.md", "CONTRIBUTING.md", "deploy/README.md", "console/README.md"];
        let pages = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
        let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
        inside.iter().map(|path| root.join(path)).filter(|path| path.exists()).chain(pages).collect()
    }

    /// Those in backquotes, and those that stand at the end of a line.
    fn commands(line: &str) -> impl Iterator<Item = &str> {
        let quoted = line.split('`').skip(1).step_by(2).filter(|code| code.starts_with("warmline "));
        let shown = line.find("warmline ").filter(|at| !line.contains('`') && is_command(&line[..*at]));
        quoted.chain(shown.map(|at| &line[at..]))
    }

    /// Whether a command may follow: a prompt, another program that runs it, or a variable of it.
    fn is_command(before: &str) -> bool {
        before.is_empty()
            || ["$ ", "/bin/", "exec serve ", "-- ", "TOKEN "].iter().any(|end| before.ends_with(end))
    }

    fn words(command: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut is_quoted = false;
        for (place, part) in command.split('"').enumerate() {
            is_quoted = place % 2 == 1;
            if is_quoted {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().take_while(|word| *word != "#").map(str::to_owned));
            }
        }
        assert!(!is_quoted, "{command}");
        words
    }
}
