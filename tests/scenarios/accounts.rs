//! Accounts: calls of an organisation that has a carrier account of its own.

use std::time::Duration;

use secrecy::SecretString;
use warmline_engine::carriers::NewCarrierAccount;
use warmline_workflows::call::Conduct;

use crate::support::wire::{self, Inbound};
use crate::support::{OWN_ACCOUNT, OWN_TOKEN, Rig, Spec, cadence, phone, scripts, until};

fn own() -> NewCarrierAccount {
    NewCarrierAccount {
        account_sid: OWN_ACCOUNT.to_owned(),
        auth_token: SecretString::from(OWN_TOKEN),
        calls_per_second: 5.0,
        api_key: None,
        application_sid: None,
        elsewhere: None,
    }
}

/// Whom the carrier called for each account: the installation's, and the organisation's own.
fn called(rig: &Rig) -> [Vec<String>; 2] {
    let to = |ledger: &warmline_simulator::Ledger| -> Vec<String> {
        ledger.calls().into_iter().map(|leg| leg.order.to).collect()
    };
    [to(rig.simulator.ledger()), to(rig.simulator.ledger_of(OWN_ACCOUNT).unwrap())]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_leg_of_a_call_is_on_the_account_that_the_call_began_on() {
    // Goal: an organisation's calls are placed on its own account and steered, signed for and ended there; when
    // it goes back to the installation's, a call under way stays whole, agent's leg included, and later ones move.
    let [first, second] = [phone(0), phone(1)];
    let talks = r#"{"is":"human","answer_after_s":3,"talk_s":10,"patience_s":600}"#;
    // An agent has to be looked for when the account has been given up already.
    let lines =
        [(&*first, r#"{"is":"human","answer_after_s":20,"talk_s":10,"patience_s":600}"#), (&*second, talks)];
    let conduct = Conduct { patience_s: 300, wrap_up_s: 5, ..Conduct::default() };
    let spec = Spec {
        factor: 20.0,
        agents: 1,
        scripts: scripts(lines),
        conduct,
        cadence: cadence(1, 60),
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    rig.engine.set_carrier_account(rig.tenant, None, &own()).await.unwrap();
    rig.call(&[&first]).await;
    rig.until_state(&first, "dialing").await;
    let on_own = || rig.simulator.ledger_of(OWN_ACCOUNT).unwrap().calls();
    until("the lead's phone rings", Duration::from_secs(10), async || {
        on_own().iter().any(|leg| leg.ringing.is_some())
    })
    .await;
    rig.engine.remove_carrier_account(rig.tenant, None).await.unwrap();
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[&first], ["answered"]);
    let [ours, theirs] = called(&rig);
    assert!(ours.is_empty() && theirs.len() == 2 && theirs[0] == first, "{ours:?} {theirs:?}");

    rig.call(&[&second]).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[&second], ["answered"]);
    let [ours, theirs] = called(&rig);
    assert!(ours.len() == 2 && ours[0] == second && theirs.len() == 2, "{ours:?} {theirs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_speaks_of_its_own_organisations_calls_alone() {
    let lines = [(&*phone(0), r#"{"is":"human","answer_after_s":25}"#)];
    let rig = Rig::start(Spec { factor: 10.0, scripts: scripts(lines), ..Spec::default() }).await;
    let other = rig.engine.add_tenant("Other", 1).await.unwrap();
    rig.engine.set_carrier_account(other, None, &own()).await.unwrap();
    rig.call(&[&phone(0)]).await;
    rig.until_record(&phone(0), "rings", |leg| leg.ringing.is_some()).await;
    let leg = rig.record(&phone(0));
    let fields = [("CallSid", leg.sid.as_str()), ("AccountSid", OWN_ACCOUNT), ("CallStatus", "in-progress")];
    let url = wire::voice_url(&leg);
    let by_other = Inbound::signed_with(OWN_TOKEN, &url, &fields).send().await;
    assert_eq!(by_other.status, 403, "{by_other:?}");
    assert!(by_other.body.contains("wrong_signature"), "{by_other:?}");

    // The organisation's own account is another matter, with its old token and with its new one.
    rig.engine.set_carrier_account(rig.tenant, None, &own()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let replaced = NewCarrierAccount { auth_token: SecretString::from("another token"), ..own() };
    for (token, status) in [(OWN_TOKEN, 200), ("wrong", 403)] {
        let reply = Inbound::signed_with(token, &url, &fields).send().await;
        assert_eq!(reply.status, status, "{token}: {reply:?}");
    }
    rig.engine.set_carrier_account(rig.tenant, None, &replaced).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for (token, status) in [("another token", 200), (OWN_TOKEN, 200), ("wrong", 403)] {
        let reply = Inbound::signed_with(token, &url, &fields).send().await;
        assert_eq!(reply.status, status, "{token}: {reply:?}");
    }
}
