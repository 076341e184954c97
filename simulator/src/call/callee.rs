//! Callees: what the person or machine at the other end does while the call is up.

use std::future::pending;

use tokio::sync::{mpsc, watch};

use super::Hearing;
use crate::clock::{Clock, after, seconds_between};
use crate::scenario::{Agent, Human, Reaction, Scenario};

/// How long a machine records before it hangs up.
const MACHINE_RECORDS_S: f64 = 180.0;
/// How long a fax machine whistles, and a silent callee listens, before hanging up.
const LOSES_INTEREST_S: f64 = 45.0;
/// How long an agent waits alone in a conference before hanging up.
const AGENT_WAITS_S: f64 = 60.0;

/// Acts a scenario out, from the answer on; returns when the callee hangs up.
pub(super) async fn behave(
    scenario: &Scenario,
    clock: Clock,
    hearing: watch::Receiver<Hearing>,
    keys: mpsc::UnboundedSender<char>,
) {
    match scenario {
        Scenario::Human(human) => be_human(human, clock, hearing).await,
        Scenario::Agent(agent) => be_agent(agent, clock, hearing, keys).await,
        Scenario::Machine(machine) => clock.sleep(machine.greeting_s + MACHINE_RECORDS_S).await,
        Scenario::HangsUpEarly { after_s, .. } => clock.sleep(*after_s).await,
        Scenario::Fax { .. } | Scenario::Silence { .. } => clock.sleep(LOSES_INTEREST_S).await,
        Scenario::Busy | Scenario::NoAnswer | Scenario::Failed => {}
    }
}

/// Talks for so long in all, and waits for so long at a time.
async fn be_human(human: &Human, clock: Clock, mut hearing: watch::Receiver<Hearing>) {
    let mut talk_left_s = human.talk_s;
    let mut patient_until = after(clock.now(), human.patience_s);
    loop {
        let now_hearing = *hearing.borrow_and_update();
        if now_hearing == Hearing::Bridged {
            let since = clock.now();
            if !lasts(&mut hearing, clock.sleep(talk_left_s)).await {
                return;
            }
            talk_left_s -= seconds_between(since, clock.now());
            patient_until = after(clock.now(), human.patience_s);
        } else if !lasts(&mut hearing, clock.sleep_until(patient_until)).await {
            return;
        }
    }
}

async fn be_agent(
    agent: &Agent,
    clock: Clock,
    mut hearing: watch::Receiver<Hearing>,
    keys: mpsc::UnboundedSender<char>,
) {
    let mut talk_left_s = agent.talk_limit_s.unwrap_or(f64::INFINITY);
    loop {
        let now_hearing = *hearing.borrow_and_update();
        match (now_hearing, &agent.reaction) {
            (Hearing::Prompt, Reaction::Presses { key, after_s }) => {
                if !lasts(&mut hearing, clock.sleep(*after_s)).await {
                    // Nobody takes keys any more once the call is being torn down.
                    let _ = keys.send(*key);
                    changed(&mut hearing).await;
                }
            }
            (Hearing::Prompt, Reaction::Declines { after_s }) => {
                if !lasts(&mut hearing, clock.sleep(*after_s)).await {
                    return;
                }
            }
            (Hearing::Bridged, _) => {
                let since = clock.now();
                if !lasts(&mut hearing, clock.sleep(talk_left_s)).await {
                    return;
                }
                talk_left_s -= seconds_between(since, clock.now());
            }
            (Hearing::Waiting | Hearing::Alone, _) => {
                if !lasts(&mut hearing, clock.sleep(AGENT_WAITS_S)).await {
                    return;
                }
            }
            (_, Reaction::Voicemail { greeting_s }) => {
                if !lasts(&mut hearing, clock.sleep(greeting_s + MACHINE_RECORDS_S)).await {
                    return;
                }
            }
            _ => changed(&mut hearing).await,
        }
    }
}

/// Waits for one of two: `true` when what the callee hears changed first.
async fn lasts(hearing: &mut watch::Receiver<Hearing>, waiting: impl Future<Output = ()>) -> bool {
    tokio::select! {
        () = changed(hearing) => true,
        () = waiting => false,
    }
}

async fn changed(hearing: &mut watch::Receiver<Hearing>) {
    if hearing.changed().await.is_err() {
        pending::<()>().await;
    }
}
