//! Providers: the same installation, with another carrier than Twilio.

use std::time::Duration;

use secrecy::SecretString;
use warmline_engine::carriers::{ApiKey, Elsewhere, NewCarrierAccount};
use warmline_simulator::{Config, Dialect, Handle, Simulator};
use warmline_twilio::dialect::Signature;
use warmline_workflows::call::Conduct;

use crate::support::wire::{self, Inbound};
use crate::support::{ACCOUNT, CALLER_ID, Rig, Spec, TOKEN, agent_phone, listener, phone, scripts, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":10,"patience_s":600}"#;

fn is_uuid(sid: &str) -> bool {
    uuid::Uuid::try_parse(sid).is_ok() && sid.len() == 36
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_call_goes_through_signalwire() {
    // Goal: dialed, detected, whispered, bridged, recorded and fetched, with ids, numbers, addresses and signatures of
    // SignalWire's form; neither an idempotency token nor Twilio's header is there.
    let dana = phone(0);
    let conduct = Conduct { amd_timeout_s: Some(30), record: true, wrap_up_s: 5, ..Conduct::default() };
    let spec = Spec {
        dialect: Dialect::SignalWire,
        scripts: scripts([(&*dana, TALKS)]),
        agents: 1,
        conduct,
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    assert!(rig.setup.carrier.api_base.ends_with("/api/laml/2010-04-01"));
    rig.call(&[&dana]).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[&dana], ["answered"]);
    let [lead, agent] = [rig.record(&dana), rig.record(&agent_phone(0))];
    assert!(is_uuid(&lead.sid) && is_uuid(&agent.sid), "{} {}", lead.sid, agent.sid);
    assert!(lead.bridged.is_some() && agent.keys == "1" && lead.undelivered == 0 && lead.delivered > 4);
    assert!(lead.answered_by.is_some(), "detection went on beside it");
    let stored = async || {
        let sql = "select count(*) from recordings where status = 'stored'";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&rig.database).await.unwrap() == 1
    };
    until("the recording is fetched", Duration::from_secs(20), stored).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_of_another_provider_proves_nothing() {
    for (dialect, own, other) in [
        (Dialect::Twilio, Signature::Twilio, Signature::SignalWire),
        (Dialect::SignalWire, Signature::SignalWire, Signature::Twilio),
    ] {
        let dana = phone(0);
        let scripts = scripts([(&*dana, r#"{"is":"human","answer_after_s":25}"#)]);
        let rig = Rig::start(Spec { dialect, factor: 10.0, scripts, ..Spec::default() }).await;
        rig.call(&[&dana]).await;
        rig.until_record(&dana, "rings", |leg| leg.ringing.is_some()).await;
        let leg = rig.record(&dana);
        let fields = [("CallSid", leg.sid.as_str()), ("AccountSid", ACCOUNT), ("CallStatus", "in-progress")];
        let request = Inbound::signed_with(TOKEN, &wire::voice_url(&leg), &fields);
        let refused = Inbound { signer: other, ..request.clone() }.send().await;
        assert_eq!(refused.status, 403, "{dialect:?}: {refused:?}");
        assert!(refused.body.contains("wrong_signature"), "{refused:?}");
        let unsigned = Inbound { signature: None, ..request.clone() }.send().await;
        assert!(unsigned.status == 403 && unsigned.body.contains("unsigned"), "{unsigned:?}");
        assert_eq!(Inbound { signer: own, ..request }.send().await.status, 200, "{dialect:?}");
        rig.close().await;
    }
}

/// Another carrier, with an account that it knows by a UUID.
async fn signalwire(rig: &Rig, project: &str, lead: &str) -> Handle {
    let config = Config {
        dialect: Dialect::SignalWire,
        account_sid: project.to_owned(),
        auth_token: "the signing key".to_owned(),
        api_keys: vec![warmline_simulator::ApiKey {
            sid: project.to_owned(),
            secret: "the API token".to_owned(),
        }],
        numbers: vec![CALLER_ID.to_owned()],
        timeline: rig.setup.timeline,
        cps: 20.0,
        scripts: scripts([(lead, TALKS), (&*agent_phone(0), r#"{"is":"agent"}"#)]),
        ..Config::default()
    };
    Simulator::start(config, listener().await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_calls_through_a_provider_of_its_own() {
    let dana = phone(0);
    let conduct = Conduct { wrap_up_s: 5, ..Conduct::default() };
    let rig = Rig::start(Spec { agents: 1, conduct, ..Spec::default() }).await;
    let project = "0193642f-2b0a-7c10-a3f4-c0ffee000001";
    let elsewhere = signalwire(&rig, project, &dana).await;
    let account = NewCarrierAccount {
        account_sid: project.to_owned(),
        auth_token: SecretString::from("the signing key"),
        calls_per_second: 5.0,
        api_key: Some(ApiKey { sid: project.to_owned(), secret: "the API token".into() }),
        application_sid: None,
        elsewhere: Some(Elsewhere {
            api_base: elsewhere.base_url(),
            dialect: warmline_twilio::Dialect::SIGNALWIRE.to_string(),
        }),
    };
    rig.engine.set_carrier_account(rig.tenant, None, &account).await.unwrap();
    rig.call(&[&dana]).await;
    rig.finished().await;
    assert_eq!(rig.outcomes().await[&dana], ["answered"]);
    assert!(rig.legs().is_empty(), "nobody was called at the installation's carrier");
    let legs = elsewhere.ledger().calls();
    assert_eq!(legs.iter().map(|leg| leg.order.to.as_str()).collect::<Vec<_>>(), [&*dana, &*agent_phone(0)]);
    assert!(legs.iter().all(|leg| leg.bridged.is_some() && leg.undelivered == 0), "{legs:?}");
    // An account stays where it is: what calls left there is nowhere else.
    let moved = NewCarrierAccount { elsewhere: None, ..account };
    let refused = rig.engine.set_carrier_account(rig.tenant, None, &moved).await;
    assert!(refused.is_err(), "{refused:?}");
    elsewhere.stop().await;
}
