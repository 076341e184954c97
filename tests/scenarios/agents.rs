//! Agents: who is offered a call, and what becomes of whom.

use std::time::Duration;

use warmline_workflows::agent::Presence;
use warmline_workflows::call::Conduct;
use warmline_workflows::campaign::Status;

use crate::support::{Rig, Spec, agent_phone, cadence, phone, scripts, seconds, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":10,"patience_s":600}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_offered_to_one_agent_after_the_other_until_one_accepts() {
    let dana = phone(0);
    let agents: Vec<String> = (0..6).map(agent_phone).collect();
    let reactions = [
        r#"{"is":"agent","reaction":{"does":"presses","key":"9","after_s":1}}"#,
        r#"{"is":"agent","reaction":{"does":"declines","after_s":2}}"#,
        r#"{"is":"agent","reaction":{"does":"no_answer"}}"#,
        r#"{"is":"agent","reaction":{"does":"voicemail","greeting_s":4}}"#,
        r#"{"is":"agent","reaction":{"does":"never_presses"}}"#,
        r#"{"is":"agent"}"#,
    ];
    let lines = agents.iter().map(String::as_str).zip(reactions).chain([(&*dana, TALKS)]);
    let conduct = Conduct { patience_s: 300, wrap_up_s: 5, ..Conduct::default() };
    let rig = Rig::start(Spec { scripts: scripts(lines), agents: 6, conduct, ..Spec::default() }).await;
    rig.call(&[&dana]).await;
    // Who does not pick up is left alone for a while.
    let missed = async || {
        let agent = rig.agent_rows().await.swap_remove(2);
        (agent.presence, agent.presence_reason) == ("break".to_owned(), Some("missed".to_owned()))
    };
    until("the agent who missed the call is on a break", Duration::from_secs(10), missed).await;
    rig.finished().await;
    rig.rest().await;

    let line = &rig.engine.lead_lines(rig.tenant, rig.campaign).await.unwrap()[0];
    assert_eq!((line.agent.as_deref(), line.dispositions[0].as_str()), (Some("Agent 5"), "answered"));
    let offers: Vec<_> = agents.iter().map(|agent| rig.record(agent)).collect();
    assert!(offers.is_sorted_by_key(|leg| leg.created.at), "offered in the order of idleness");
    let unanswered = &offers[2];
    let rang_s = seconds(unanswered.ringing.unwrap().at, unanswered.ended.unwrap().at);
    assert!((20.0..=21.0).contains(&rang_s) && unanswered.answered.is_none(), "rang for {rang_s} s");
    assert!(offers[..5].iter().all(|leg| leg.stays.is_empty()), "only who accepted heard the lead");
    // Who declined may be called again at once, and who missed it after a while.
    until("everybody is back", Duration::from_secs(10), async || {
        rig.agent_rows().await.iter().all(|agent| agent.state == "available")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_in_vain_hears_an_apology_when_patience_is_over_and_not_before() {
    let [dana, lee] = [phone(0), phone(1)];
    let away = agent_phone(0);
    let lines = [
        (&*dana, TALKS),
        (&*lee, r#"{"is":"human","answer_after_s":3,"patience_s":8}"#),
        (&*away, r#"{"is":"agent","reaction":{"does":"no_answer"}}"#),
    ];
    // A long apology, so that it can be listened to.
    let apology = "We are sorry that you had to wait. ".repeat(6);
    let conduct = Conduct { patience_s: 15, agent_ring_timeout_s: 60, apology, ..Conduct::default() };
    let (scripts, cadence) = (scripts(lines), cadence(1, 60));
    let spec = Spec { factor: 15.0, scripts, agents: 1, conduct, cadence, ..Spec::default() };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.until_state(&dana, "closing").await;
    let apology = rig.document(&rig.record(&dana)).await;
    assert!(apology.contains("<Say>We are sorry that"), "{apology}");
    rig.finished().await;
    rig.rest().await;
    let leg = rig.record(&dana);
    let left = leg.stays[0].left.unwrap().at;
    let waited_s = seconds(leg.answered.unwrap().at, left) - f64::from(leg.detection_ms.unwrap()) / 1000.0;
    assert!((15.0..30.0).contains(&waited_s), "waited {waited_s} s from the verdict on");
    let heard_s = seconds(left, leg.ended.unwrap().at);
    assert!(heard_s > 9.0, "hung up {heard_s} s into the apology");
    assert_eq!(leg.redirects, 2, "into the conference, and out of it");
    let agent = rig.record(&away);
    assert!(seconds(agent.created.at, agent.ended.unwrap().at) < 45.0, "the agent's phone rings on");

    // One who does not wait so long.
    rig.set_presence(rig.agents[0], Presence::Available).await;
    rig.call(&[&lee]).await;
    rig.finished().await;
    rig.rest().await;
    let outcomes = rig.outcomes().await;
    assert_eq!(
        (&*outcomes[&dana], &*outcomes[&lee]),
        (&["abandoned".to_owned()][..], &["hung_up".to_owned()][..])
    );
    // It was not the agents' fault that the leads were gone.
    assert_eq!(rig.agent_rows().await[0].presence, "available");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_who_hangs_up_during_the_whisper_is_noted_and_the_agent_is_let_go() {
    let dana = phone(0);
    let slow = agent_phone(0);
    let lines = [
        (&*dana, r#"{"is":"human","answer_after_s":3,"patience_s":30}"#),
        (
            &*slow,
            r#"{"is":"agent","answer_after_s":3,"reaction":{"does":"presses","key":"1","after_s":100}}"#,
        ),
    ];
    let conduct = Conduct { accept_timeout_s: 60, ..Conduct::default() };
    let rig =
        Rig::start(Spec { factor: 20.0, scripts: scripts(lines), agents: 1, conduct, ..Spec::default() })
            .await;
    rig.call(&[&dana]).await;
    rig.until_record(&slow, "hears the whisper", |leg| leg.answered.is_some()).await;
    rig.until_state(&dana, "agent_whisper").await;
    let whisper = rig.document(&rig.record(&slow)).await;
    assert!(whisper.contains("Connecting you with Dana 0100.") && whisper.contains("<Gather"), "{whisper}");
    rig.until_record(&dana, "is gone", |leg| leg.ended.is_some()).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[&dana], ["hung_up"]);
    let (lead_leg, agent_leg) = (rig.record(&dana), rig.record(&slow));
    let later_s = seconds(lead_leg.ended.unwrap().real, agent_leg.ended.unwrap().real);
    assert!(later_s < 2.0 && agent_leg.stays.is_empty(), "let go {later_s} real seconds later");
    assert_eq!(rig.agent_rows().await[0].state, "available");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_writes_up_a_call_before_the_next_and_is_not_called_while_away() {
    let [dana, lee] = [phone(0), phone(1)];
    // The agent ends the first conversation.
    let agent = agent_phone(0);
    let lines = [(&*dana, TALKS), (&*lee, TALKS), (&*agent, r#"{"is":"agent","talk_limit_s":5}"#)];
    let conduct = Conduct { wrap_up_s: 60, ..Conduct::default() };
    let rig = Rig::start(Spec { scripts: scripts(lines), agents: 1, conduct, ..Spec::default() }).await;
    rig.set_presence(rig.agents[0], Presence::Break).await;
    rig.call(&[&dana, &lee]).await;
    rig.passed(rig.now() + jiff::SignedDuration::from_secs(30)).await;
    assert_eq!(rig.simulator.ledger().calls().len(), 0, "nobody is there to take a call");
    rig.set_presence(rig.agents[0], Presence::Available).await;
    rig.until_state(&dana, "closing").await;
    let wrapping = "the agent writes up";
    until(wrapping, Duration::from_secs(5), async || rig.agent_rows().await[0].state == "wrap_up").await;
    rig.finished().await;
    rig.rest().await;
    let [first, second] = [rig.record(&dana), rig.record(&lee)];
    assert!(first.bridged.is_some() && second.bridged.is_some());
    let pause_s = seconds(rig.records(&agent)[0].ended.unwrap().at, second.created.at);
    assert!((60.0..180.0).contains(&pause_s), "dialed {pause_s} s after the first call");
    assert_eq!(rig.engine.campaign_status(rig.tenant, rig.campaign).await.unwrap(), Some(Status::Finished));
}
