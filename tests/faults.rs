//! Faults of the carrier and of Redis: nobody is dialed twice, nothing is stuck, nobody is left busy.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::time::Duration;

use support::redis_gate::RedisGate;
use support::wire::Inbound;
use support::{Rig, Spec, agent_phone, cadence, phone, scripts, until};
use warmline_simulator::{CallRecord, Faults, ListFaults, RestFaults, Scenario, Share, WebhookFaults};
use warmline_workflows::call::Conduct;

const LEADS: usize = 20;

/// Twenty leads of all kinds, who are tried twice, and four agents, of whom one is often away and one
/// in a hurry.
fn spec(faults: Faults) -> Spec {
    let share = |weight, json| Share { weight, scenario: serde_json::from_str(json).unwrap() };
    let moody = r#"[{"is":"agent"},{"is":"agent","reaction":{"does":"declines","after_s":1}},
                    {"is":"agent"},{"is":"agent","reaction":{"does":"no_answer"}},{"is":"agent"}]"#;
    Spec {
        factor: 60.0,
        agents: 4,
        scripts: scripts([
            (&*agent_phone(0), moody),
            (&*agent_phone(1), r#"{"is":"agent","talk_limit_s":6}"#),
        ]),
        distribution: vec![
            // On a busy machine business time runs fast: nobody hangs up because we are slow.
            share(0.5, r#"{"is":"human","answer_after_s":5,"patience_s":90,"talk_s":20}"#),
            share(0.2, r#"{"is":"machine","answer_after_s":6,"greeting_s":5}"#),
            share(0.1, r#"{"is":"busy"}"#),
            share(0.1, r#"{"is":"no_answer"}"#),
            share(0.05, r#"{"is":"failed"}"#),
            share(0.05, r#"{"is":"hangs_up_early","after_s":1.2}"#),
        ],
        faults,
        conduct: Conduct { ring_timeout_s: 15, patience_s: 120, wrap_up_s: 5, ..Conduct::default() },
        cadence: cadence(2, 2),
        ..Spec::default()
    }
}

async fn start(spec: Spec) -> Rig {
    let rig = Box::pin(Rig::start(spec)).await;
    let phones: Vec<String> = (0..LEADS).map(phone).collect();
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    rig.call(&numbers).await;
    rig
}

/// Runs a campaign under faults of creation to its end. The faults must have struck: the journals
/// hold several events of a kind.
async fn survives(spec: Spec, struck: &str) {
    let rig = start(spec).await;
    rig.finished().await;
    // What is left to be done is done under fair weather.
    rig.simulator.set_faults(Faults::default());
    rig.rest().await;
    assert!(rig.journaled(Some(struck)).await >= 3, "{struck} hardly ever");
    everybody_has_an_outcome(&rig).await;
}

fn creating(create: RestFaults) -> Spec {
    spec(Faults { create, ..Faults::default() })
}

async fn everybody_has_an_outcome(rig: &Rig) {
    for lead in rig.leads().await {
        assert!(lead.disposition.is_some() && lead.due_at.is_none(), "{lead:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_disordered_repeated_late_and_lost() {
    let webhooks = WebhookFaults {
        delay_ms: 50,
        disorder_ms: 200,
        duplicate: 0.5,
        lose: 0.2,
        ..WebhookFaults::default()
    };
    let rig = start(spec(Faults { webhooks, ..Faults::default() })).await;
    rig.finished().await;
    rig.rest().await;
    everybody_has_an_outcome(&rig).await;
    let calls = rig.simulator.ledger().calls();
    let lost: u32 = calls.iter().map(|call| call.undelivered).sum();
    assert!(lost >= 10, "{lost} were lost");
    let late = rig.count("select count(*) from journal where ignored = 'late'").await;
    assert!(late >= 5, "{late} were overtaken");
    // The end of a conference is told to the lead's leg before it is told to us.
    let back = |call: &CallRecord| {
        call.stays.iter().any(|stay| call.bridged.is_some_and(|at| at.at < stay.joined.at))
    };
    assert!(!calls.iter().any(back), "who has left a conversation does not wait again");
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_answered_5xx_and_not_done() {
    let spec = creating(RestFaults { refuse: 0.15, ..RestFaults::default() });
    let quiet_window = Duration::from_millis(2500);
    survives(Spec { quiet_window, ..spec }, "placement_unconfirmed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_done_and_answered_5xx() {
    survives(creating(RestFaults { error_after: 0.3, ..RestFaults::default() }), "placement_in_doubt").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_done_and_the_connection_reset() {
    survives(creating(RestFaults { reset_after: 0.3, ..RestFaults::default() }), "placement_in_doubt").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_done_and_never_answered() {
    let spec = creating(RestFaults { hang_after: 0.3, hang_ms: 3000, ..RestFaults::default() });
    let carrier_timeout = Duration::from_millis(500);
    survives(Spec { carrier_timeout, ..spec }, "placement_in_doubt").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_throttled_in_a_burst() {
    let rig = start(creating(RestFaults { too_many: 1.0, ..RestFaults::default() })).await;
    let asked = "select count(*) from outbox where last_error like '%slow down%' and state = 'pending'";
    until("the carrier throttles", Duration::from_secs(10), async || rig.count(asked).await >= 4).await;
    assert_eq!(rig.simulator.ledger().calls().len(), 0, "a throttled request was processed");
    rig.simulator.set_faults(Faults::default());
    rig.finished().await;
    rig.rest().await;
    everybody_has_an_outcome(&rig).await;
    assert_eq!(rig.journaled(Some("placement_in_doubt")).await, 0, "a throttled request is no doubt");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_list_tells_is_found_there_however_late() {
    // No answer to any creation, no notification of any leg, and legs that ask for nothing.
    let create = RestFaults { error_after: 1.0, ..RestFaults::default() };
    let list = ListFaults { lag_ms: 2500, ..ListFaults::default() };
    let webhooks = WebhookFaults { lose: 1.0, ..WebhookFaults::default() };
    let spec = spec(Faults { create, list, webhooks, ..Faults::default() });
    let distribution = vec![Share { weight: 1.0, scenario: Scenario::Busy }];
    let rig = Rig::start(Spec { distribution, cadence: cadence(1, 60), ..spec }).await;
    let phones: Vec<String> = (0..4).map(phone).collect();
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    rig.call(&numbers).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.journaled(Some("placement_in_doubt")).await, 4);
    assert_eq!(
        rig.journaled(Some("placement_unconfirmed")).await,
        0,
        "given up although the carrier had them"
    );
    for number in &phones {
        assert_eq!(rig.outcomes().await[number], ["busy"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn control_of_live_legs_is_refused_and_its_answers_are_lost() {
    let update = RestFaults { refuse: 0.15, error_after: 0.15, reset_after: 0.1, ..RestFaults::default() };
    let rig = start(Spec { factor: 25.0, ..spec(Faults { update, ..Faults::default() }) }).await;
    rig.finished().await;
    rig.rest().await;
    everybody_has_an_outcome(&rig).await;
    let bridged = rig.simulator.ledger().calls().iter().filter(|leg| leg.bridged.is_some()).count();
    assert!(bridged >= 4, "{bridged} legs were bridged");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_forgets_everything_in_the_middle() {
    let rig = start(spec(Faults::default())).await;
    let mut forgotten = 0;
    for dialed in [2, 8, 14] {
        until("the campaign gets on", Duration::from_secs(20), async || {
            rig.simulator.ledger().calls().iter().filter(|leg| leg.order.detection.is_some()).count()
                >= dialed
        })
        .await;
        forgotten += rig.flush_redis().await;
    }
    rig.finished().await;
    rig.rest().await;
    everybody_has_an_outcome(&rig).await;
    assert!(forgotten >= 10, "{forgotten} keys were forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_is_not_there_at_the_start_and_goes_away_in_the_middle() {
    let gate = RedisGate::closed().await;
    let spec = Spec { factor: 25.0, redis_url: Some(gate.url()), ..spec(Faults::default()) };
    let rig = start(spec).await;
    let base = rig.setup.public_base.as_str().trim_end_matches('/').to_owned();
    let ready = format!("{base}/readyz");
    until("webhooks are taken", Duration::from_secs(10), async || Inbound::get(&ready).await.status == 200)
        .await;
    assert_eq!(rig.simulator.ledger().calls().len(), 0, "nobody can be dialed without Redis");

    gate.open().await;
    until("calls are connected", Duration::from_secs(30), async || {
        rig.simulator.ledger().calls().iter().any(|leg| leg.bridged.is_some())
    })
    .await;
    gate.shut();
    // Calls in progress end without us, and their ends are written down.
    until("webhooks are stored without Redis", Duration::from_secs(20), async || {
        rig.simulator.ledger().calls().iter().all(|leg| leg.status.is_final())
    })
    .await;
    let undelivered: u32 = rig.simulator.ledger().calls().iter().map(|leg| leg.undelivered).sum();
    assert_eq!(undelivered, 0, "webhooks were refused");
    gate.open().await;
    rig.finished().await;
    rig.rest().await;
    everybody_has_an_outcome(&rig).await;
}
