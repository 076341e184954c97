//! A deployment: every process is told to end while calls are in progress, one after the other, and
//! nobody notices.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::time::Duration;

use support::processes::{End, Role, tails};
use support::site::Site;
use support::{Spec, cadence, invariants, phone, until};
use warmline_simulator::Share;
use warmline_workflows::call::Conduct;

const LEADS: usize = 60;
const WAVES: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_disturbs_no_call() {
    let site = Site::make("deployment", spec()).await;
    let roles = [Role::Serve, Role::Serve, Role::Work, Role::Work, Role::Schedule, Role::Schedule];
    let fleet = site.staff(&roles, None).await;
    let phones: Vec<String> = (0..LEADS).map(phone).collect();
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    // One wave for each deployment, however slow the machine: calls are in progress in all of them.
    let mut waves = phones.chunks(LEADS / WAVES);
    let mut rounds = 0;
    loop {
        match waves.next() {
            Some(wave) => site.rig.call(wave).await,
            None if site.is_at_rest().await => break,
            None => {}
        }
        for (n, role) in roles.iter().enumerate() {
            let ended = fleet.count(*role, &End::Stopped);
            fleet.terminate(n);
            until("the process has ended", Duration::from_secs(30), async || {
                fleet.count(*role, &End::Stopped) > ended
            })
            .await;
            // The next one goes when this one is back, as a supervisor would have it.
            fleet.ready().await;
        }
        rounds += 1;
    }

    let mut found = fleet.complaints();
    found.extend(invariants::violations(&site.rig).await);
    for call in site.rig.simulator.ledger().calls().iter().filter(|call| call.undelivered > 0) {
        found.push(format!("{} of {}'s requests went unanswered", call.undelivered, call.sid));
    }
    let doubts = site.rig.journaled(Some("placement_in_doubt")).await;
    let bridged = site.rig.journaled(Some("agent_accepted")).await;
    eprintln!("{rounds} deployments, {bridged} conversations, {doubts} doubts");
    if !found.is_empty() {
        panic!("{}\n{found:#?}", tails(&site.folder, 20));
    }
    assert!(
        rounds >= WAVES && bridged > 0,
        "too little happened: {rounds} deployments, {bridged} conversations"
    );
    assert_eq!(doubts, 0, "a process ended before a request of its was answered");
    drop(fleet);
    site.close().await;
}

fn spec() -> Spec {
    let share = |weight, json| Share { weight, scenario: serde_json::from_str(json).unwrap() };
    Spec {
        factor: 20.0,
        agents: 6,
        distribution: vec![
            share(0.6, r#"{"is":"human","answer_after_s":5,"patience_s":90,"talk_s":20}"#),
            share(0.2, r#"{"is":"machine","answer_after_s":6,"greeting_s":4}"#),
            share(0.2, r#"{"is":"busy"}"#),
        ],
        conduct: Conduct { patience_s: 120, wrap_up_s: 5, ..Conduct::default() },
        cadence: cadence(1, 5),
        ..Spec::default()
    }
}
