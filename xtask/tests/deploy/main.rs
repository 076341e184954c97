//! The files of `deploy/`, and those that have to stand in the root beside it: they can be read, and what they say
//! of the program is true of it.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod files;
mod program;

use std::collections::BTreeSet;

use files::Files;
use program::Program;

/// Variables that are not for Warmline: for the container of Postgres, for compose, for every program.
const OTHERS: [&str; 5] = ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "DOMAIN", "PATH"];
/// What every way of running Warmline has to run.
const ROLES: [&str; 4] = ["migrate", "schedule", "serve", "work"];
/// The ways, by how the paths of their files begin.
const WAYS: [&[&str]; 5] = [
    &["deploy/compose.yaml"],
    &["deploy/systemd/"],
    &["deploy/kubernetes/"],
    &["render.yaml"],
    &["railway.json", "deploy/railway/"],
];

fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    items.into_iter().collect()
}

#[test]
fn every_command_is_one_of_the_program() {
    let (files, program) = (Files::read(), Program::read());
    let commands = files.commands();
    let wrong: Vec<_> = commands
        .iter()
        .filter_map(|(path, command)| Some(format!("{path}: `{command}`: {}", program.fault(command)?)))
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));

    for way in WAYS {
        let here = commands.iter().filter(|(path, _)| way.iter().any(|start| path.starts_with(start)));
        let roles = set(here.filter_map(|(_, command)| command.split(' ').nth(1)));
        let missing: Vec<_> = ROLES.iter().filter(|role| !roles.contains(*role)).collect();
        assert!(missing.is_empty(), "{way:?} runs {roles:?} and lacks {missing:?}");
    }
    let mut queues: Vec<_> = commands
        .iter()
        .filter(|(path, _)| path == "deploy/kubernetes/work.yaml")
        .filter_map(|(_, command)| Some(command.split_once("--queue ")?.1.split_once('=')?.0.to_owned()))
        .collect();
    queues.sort();
    assert_eq!(set(&queues), set(&program.queues), "each queue has a Deployment");
    assert_eq!(queues.len(), program.queues.len(), "and one only");
}

#[test]
fn every_variable_is_one_of_the_program_and_no_secret_is_given() {
    let (files, program) = (Files::read(), Program::read());
    let mut others = BTreeSet::new();
    let mut wrong = Vec::new();
    for variable in files.variables() {
        let (path, name) = (&variable.path, &variable.name);
        match program.variables.get(name) {
            Some(secret) if *secret && variable.is_given => wrong.push(format!("{path}: {name} is a secret")),
            Some(_) => {}
            None if OTHERS.contains(&name.as_str()) => {
                others.insert(name.clone());
                if name.ends_with("PASSWORD") && variable.is_given {
                    wrong.push(format!("{path}: {name} is a secret"));
                }
            }
            None => wrong.push(format!("{path}: {name} is none of .env.example")),
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!(others, set(OTHERS.map(str::to_owned)), "the exceptions are needed");
}

#[test]
fn processes_are_given_the_time_they_take_to_end() {
    let (files, program) = (Files::read(), Program::read());
    let pauses = files.pauses();
    let places = set(pauses.iter().map(|(path, _)| path.as_str()));
    let expect = [
        "deploy/compose.yaml",
        "deploy/kubernetes/every-deployment.yaml",
        "deploy/railway/schedule.json",
        "deploy/railway/work.json",
        "deploy/systemd/warmline-.service.d/common.conf",
        "railway.json",
        "render.yaml",
    ];
    assert_eq!(places, set(expect));
    for (path, seconds) in pauses {
        let before_s = if path.contains("kubernetes") { files.pre_stop_s() } else { 0 };
        assert!(seconds >= before_s + program.drain_s + 5, "{path}: {seconds} s");
    }
}

#[test]
fn health_and_metrics_are_where_they_are_looked_for() {
    let (files, program) = (Files::read(), Program::read());
    let paths = files.health_paths();
    assert!(!paths.is_empty() && paths.is_subset(&program.health_paths), "{paths:?}");

    let ports = set(files.operations_ports());
    assert_eq!(ports.len(), 1, "one port in image, probes and annotations: {ports:?}");

    let unknown: Vec<_> = files.metrics().into_iter().filter(|name| !program.has_metric(name)).collect();
    assert!(unknown.is_empty(), "no metric of ours: {unknown:?}");
    let kinds = files.outbox_kinds();
    assert!(!kinds.is_empty());
    for (queue, state) in kinds {
        assert!(program.queues.contains(&queue) && program.outbox_states.contains(&state), "{queue}/{state}");
    }
}

#[test]
fn files_that_are_named_are_there() {
    let files = Files::read();
    // For people and for another chart.
    let apart = ["kustomization.yaml", "prometheus-adapter.yaml", "secret.example.yaml"].map(str::to_owned);
    let named = files.kustomized();
    let there = set(files.names_in("deploy/kubernetes/"));
    let expect: BTreeSet<_> = named.iter().cloned().chain(apart).collect();
    assert_eq!(there, expect);

    let steps = files.image_steps();
    assert_eq!(steps, set(["binary", "console", "root", "try"].map(str::to_owned)));
    let script = files.text("deploy/image.sh");
    for step in steps {
        assert!(script.contains(&format!("\n{step}() {{")), "deploy/image.sh has no step {step}");
    }
    let users = set(files.user_ids());
    assert_eq!(users.len(), 1, "one user in script, image and pods: {users:?}");
}
