//! What the program is, read off its sources: a test of files need not compile it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::files::{capitals, root};

pub(crate) struct Program {
    commands: BTreeSet<String>,
    flags: BTreeSet<String>,
    pub(crate) queues: BTreeSet<String>,
    /// Names, and whether the value is a secret.
    pub(crate) variables: BTreeMap<String, bool>,
    /// The longest that a process takes to end.
    pub(crate) drain_s: u64,
    pub(crate) health_paths: BTreeSet<String>,
    pub(crate) outbox_states: BTreeSet<String>,
    metrics: BTreeSet<String>,
}

impl Program {
    pub(crate) fn read() -> Self {
        let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
        let (cli, example) = (read("src/cli.rs"), read(".env.example"));
        let this = Self {
            commands: commands(&cli),
            flags: flags(&cli),
            queues: queues(&example),
            variables: variables(&example),
            drain_s: between(&read("src/app.rs"), "const DRAIN: Duration = Duration::from_secs(", ")")
                .next()
                .and_then(|seconds| seconds.parse().ok())
                .unwrap(),
            health_paths: between(&read("src/operations.rs"), ".route(\"", "\"").collect(),
            outbox_states: between(&read("migrations/0006_outbox.sql"), "check (state in (", "))")
                .flat_map(|words| words.split('\'').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
                .collect(),
            metrics: metrics(&read),
        };
        assert!(this.commands.contains("rotate-keys") && this.flags.contains("queue"), "read cli.rs anew");
        assert!(this.queues.contains("live") && this.variables["DATABASE_URL"] && !this.variables["PORT"]);
        assert!(this.outbox_states.contains("pending") && this.health_paths.contains("/livez"));
        this
    }

    /// What is wrong with `warmline ...`.
    pub(crate) fn fault(&self, command: &str) -> Option<String> {
        let mut words = command.split_whitespace().skip(1);
        let name = words.next().unwrap_or_default();
        if !self.commands.contains(name) {
            return Some(format!("there is no command {name}"));
        }
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--") else { continue };
            if !self.flags.contains(flag) {
                return Some(format!("there is no flag --{flag}"));
            }
            if flag == "queue" {
                let load = words.next().and_then(|load| load.split_once('='));
                let right = load.is_some_and(|(queue, jobs)| {
                    self.queues.contains(queue) && jobs.parse().is_ok_and(|jobs: u32| jobs > 0)
                });
                if !right {
                    return Some("--queue takes a queue and a number of jobs".to_owned());
                }
            }
        }
        None
    }

    pub(crate) fn has_metric(&self, name: &str) -> bool {
        self.metrics.contains(name)
    }
}

/// The variants of the enum of commands, as they are typed.
fn commands(cli: &str) -> BTreeSet<String> {
    let body = between(cli, "pub enum Command {", "\n}").next().unwrap();
    let variants = body.lines().filter_map(|line| {
        let word: String = line.trim().chars().take_while(char::is_ascii_alphanumeric).collect();
        word.starts_with(|first: char| first.is_ascii_uppercase()).then_some(word)
    });
    variants.map(|variant| kebab(&variant)).collect()
}

fn kebab(variant: &str) -> String {
    let mut name = String::new();
    for char in variant.chars() {
        if char.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(char.to_ascii_lowercase());
    }
    name
}

/// Fields with `#[arg(long...)]`, by their own names or those given.
fn flags(cli: &str) -> BTreeSet<String> {
    let mut flags = BTreeSet::new();
    for part in cli.split("#[arg(long").skip(1) {
        let (attribute, rest) = part.split_once(")]").unwrap();
        let given = between(attribute, " = \"", "\"").next().filter(|_| attribute.starts_with(" = "));
        let field = between(rest, "pub ", ":").next().unwrap();
        flags.insert(given.unwrap_or_else(|| field.replace('_', "-")));
    }
    flags
}

fn queues(example: &str) -> BTreeSet<String> {
    let default = between(example, "\nWARMLINE_QUEUES=", "\n").next().unwrap();
    default.split(',').filter_map(|load| Some(load.split_once('=')?.0.to_owned())).collect()
}

/// Each stands below its comment, with a `#` before it when it has no default.
fn variables(example: &str) -> BTreeMap<String, bool> {
    let mut variables = BTreeMap::new();
    let mut comment = String::new();
    for line in example.lines() {
        match line.trim_start_matches('#').split_once('=') {
            Some((name, _)) if capitals(name) => {
                variables.insert(name.to_owned(), comment.contains("Keep it secret."));
            }
            _ if line.is_empty() => comment.clear(),
            _ => comment.push_str(line),
        }
    }
    variables
}

/// Those with a name of their own, and the gauges that are named in the database's answer.
fn metrics(read: &impl Fn(&str) -> String) -> BTreeSet<String> {
    let gauges = read("engine/src/gauges.rs");
    let gauges: BTreeSet<_> =
        between(&gauges, "select '", "'").map(|name| format!("warmline_{name}")).collect();
    let others = ["src/http.rs", "workers/src/effects/mod.rs", "workers/src/queue/health.rs"];
    let others = others.into_iter().flat_map(|path| {
        between(&read(path), "!(\"warmline_", "\"").map(|name| format!("warmline_{name}")).collect::<Vec<_>>()
    });
    gauges.into_iter().chain(others).collect()
}

/// The texts between two marks, one after the other.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = String> + 'a {
    text.split(start).skip(1).filter_map(move |rest| Some(rest.split_once(end)?.0.to_owned()))
}
