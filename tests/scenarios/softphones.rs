//! Softphones: agents who take calls in their browsers.

use std::time::Duration;

use warmline_engine::carriers::{ApiKey, NewCarrierAccount};
use warmline_workflows::AgentId;
use warmline_workflows::agent::{self, Reach};
use warmline_workflows::call::Conduct;

use crate::support::{
    OWN_ACCOUNT, OWN_KEY, OWN_TOKEN, Rig, Spec, agent_phone, cadence, phone, scripts, until,
};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":10,"patience_s":600}"#;

/// Where the carrier calls an agent who takes calls in the browser from now on.
async fn move_to_browser(rig: &Rig, id: AgentId) -> String {
    let agent = rig.engine.agent(rig.tenant, id).await.unwrap();
    let mut profile = agent.profile;
    profile.reach = Reach::Browser;
    rig.engine.update_agent(rig.tenant, (id, None), (&profile, agent.user)).await.unwrap();
    format!("client:{}", agent::identity(rig.tenant, id))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_takes_a_call_in_the_browser_as_on_the_telephone() {
    // Goal: one call at the agent's own identity, with whisper and key, and never one at the telephone.
    let dana = phone(0);
    let conduct = Conduct { amd_timeout_s: Some(30), wrap_up_s: 5, ..Conduct::default() };
    let scripts = scripts([(&*dana, TALKS)]);
    let rig = Rig::start(Spec { softphones: true, scripts, agents: 1, conduct, ..Spec::default() }).await;
    let softphone = move_to_browser(&rig, rig.agents[0]).await;
    rig.call(&[&dana]).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[&dana], ["answered"]);
    let leg = rig.record(&softphone);
    assert!(leg.bridged.is_some() && leg.keys == "1" && leg.stays.len() == 1, "{leg:?}");
    assert!(leg.order.detection.is_none(), "nobody asks whether a browser is a machine");
    assert!(rig.records(&agent_phone(0)).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_browser_is_not_registered_misses_the_call() {
    for gone in [r#"{"is":"no_answer"}"#, r#"{"is":"failed"}"#] {
        let dana = phone(0);
        let conduct = Conduct { patience_s: 300, wrap_up_s: 5, ..Conduct::default() };
        let scripts = scripts([(&*dana, TALKS), ("client:", gone)]);
        let spec = Spec { softphones: true, scripts, agents: 2, conduct, ..Spec::default() };
        let rig = Rig::start(spec).await;
        let softphone = move_to_browser(&rig, rig.agents[0]).await;
        rig.call(&[&dana]).await;
        until("the agent in the browser is on a break", Duration::from_secs(10), async || {
            let agent = rig.agent_rows().await.swap_remove(0);
            (agent.presence, agent.presence_reason) == ("break".to_owned(), Some("missed".to_owned()))
        })
        .await;
        rig.finished().await;
        rig.rest().await;
        assert_eq!(rig.outcomes().await[&dana], ["answered"], "another agent took it: {gone}");
        assert!(rig.record(&softphone).answered.is_none() && rig.record(&agent_phone(1)).bridged.is_some());
        assert!(
            rig.records(&agent_phone(0)).is_empty(),
            "the telephone is not rung behind the browser's back"
        );
        rig.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_telephone_rings_where_the_account_of_the_call_has_no_softphones() {
    let lines = [phone(0), phone(1)];
    let scripts = scripts(lines.iter().map(|line| (&**line, TALKS)));
    let rig = Rig::start(Spec { scripts, agents: 1, cadence: cadence(1, 60), ..Spec::default() }).await;
    let softphone = move_to_browser(&rig, rig.agents[0]).await;
    rig.call(&[&lines[0]]).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.records(&agent_phone(0)).len(), 1, "the installation has none");

    let (sid, secret) = OWN_KEY;
    let account = NewCarrierAccount {
        account_sid: OWN_ACCOUNT.to_owned(),
        auth_token: OWN_TOKEN.into(),
        calls_per_second: 5.0,
        api_key: Some(ApiKey { sid: sid.to_owned(), secret: secret.into() }),
        application_sid: None,
        elsewhere: None,
    };
    rig.engine.set_carrier_account(rig.tenant, None, &account).await.unwrap();
    rig.call(&[&lines[1]]).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[&lines[1]], ["answered"]);
    let own: Vec<String> =
        rig.simulator.ledger_of(OWN_ACCOUNT).unwrap().calls().into_iter().map(|leg| leg.order.to).collect();
    assert_eq!(own, [lines[1].clone(), softphone], "the organisation has");
}
